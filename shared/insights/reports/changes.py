"""What changed, and why: sentences about KPIs that moved notably, and about the labels that made them move."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from shared.insights.kpi import Dimension, Direction, Kpi, kpi
from shared.insights.reports.contribution import Contribution
from shared.insights.reports.notable import LEAST_SAMPLES, enough
from shared.insights.reports.readings import Readings, Split
from shared.insights.reports.sentence import Fact, How, Sentence

MOST = 7
"""Changes that are told. A reader keeps no more in mind."""
_EVENTS = "events"
_WHY = (Dimension.PROVIDER, Dimension.OPERATION, Dimension.PLATFORM, Dimension.WORKFLOW, Dimension.PLAN)
_MIRRORS = ("error_rate", "events")
"""They say nothing that success_rate and operations do not say."""
_LEAST_PART = 0.3
"""A label is named that adds at least so much of the difference."""


@dataclass(frozen=True)
class Change:
    """A KPI that moved: the sentence that says so, those that say why, and whether it is for the better."""

    kpi: Kpi
    better: bool
    what: Sentence
    why: tuple[Sentence, ...]


def is_better(one: Kpi, difference: float) -> bool:
    """Whether a difference is for the better."""
    return (difference > 0) is (one.direction is Direction.UP)


def misses_target(one: Kpi, value: float | None) -> bool | None:
    """Whether a value is on the wrong side of the KPI's target; None without either."""
    if one.target is None or value is None:
        return None
    return value < one.target if one.direction is Direction.UP else value > one.target


def find_changes(readings: Readings) -> list[Change]:
    """The notable changes: first those for the worse that miss their target, then the worse, then the better; of each kind in the
    order of `kpis.yaml`."""
    names = [name for name in readings.names if name not in _MIRRORS]
    moved = [name for name in names if readings.moved(name)]
    ranked = sorted(moved, key=lambda name: _rank(readings, kpi(name)))[:MOST]
    splits = {by: readings.labelled(by) for by in _WHY if any(by in kpi(name).dimensions for name in ranked)}
    return [
        Change(
            kpi(name),
            is_better(kpi(name), _difference(readings, name)),
            _what(readings, kpi(name)),
            tuple(_why(readings, name, splits)),
        )
        for name in ranked
    ]


def uncovered(readings: Readings) -> list[Sentence]:
    """That there are no events of the period, or that the period before is not, or only partly, covered by them; nothing where
    both are."""
    begun, edition = readings.begun, readings.edition
    prior = readings.fact(_EVENTS, How.PRIOR)
    if not readings.now[_EVENTS].samples:
        facts = {"now": readings.fact(_EVENTS, How.VALUE), "prior": prior}
        return [Sentence("Events of this period: {now}; of the one before: {prior}.", facts)]
    if begun is None:
        return []
    if begun >= edition.period.start:
        return [
            Sentence(
                "There are {events} events of the period before, so nothing is compared with it.", {"events": prior}
            )
        ]
    text = "The period before is only partly covered: its events, {events}, begin on {begun}. So nothing is compared with it."
    return [Sentence(text, {"events": prior}, {"begun": edition.moment(begun)})]


def too_little(readings: Readings, names: Collection[str]) -> list[Sentence]:
    """Of each of these KPIs that has too few rows to speak of: that it has."""
    return [
        Sentence(
            "{title} rests on {samples} {rows}: too few to say anything of it.",
            {"samples": readings.fact(name, How.SAMPLES)},
            {"title": kpi(name).title, "rows": "row" if readings.now[name].samples == 1 else "rows"},
        )
        for name in names
        if readings.now[name].samples < LEAST_SAMPLES
    ]


def off_target(readings: Readings, told: Collection[str]) -> list[Sentence]:
    """Of each KPI that misses its target, and has not been told of: that it does."""
    found = []
    for name in readings.names:
        if (
            name in told
            or name in _MIRRORS
            or not enough(readings.now[name])
            or not misses_target(kpi(name), readings.now[name].value)
        ):
            continue
        facts = {"value": readings.fact(name, How.VALUE), "target": readings.fact(name, How.TARGET)}
        found.append(
            Sentence(
                "{title} is {value} and still misses its target of {target}.",
                facts,
                {"title": kpi(name).title},
            )
        )
    return found


def _difference(readings: Readings, name: str) -> float:
    return (readings.now[name].value or 0.0) - (readings.before[name].value or 0.0)


def _rank(readings: Readings, one: Kpi) -> int:
    better = is_better(one, _difference(readings, one.name))
    return 2 if better else 0 if misses_target(one, readings.now[one.name].value) else 1


def _what(readings: Readings, one: Kpi) -> Sentence:
    hows = {"value": How.VALUE, "prior": How.PRIOR, "change": How.CHANGE}
    facts = {place: readings.fact(one.name, how) for place, how in hows.items()}
    moved = "rose" if _difference(readings, one.name) > 0 else "fell"
    by = " by {change}" if facts["change"].value is not None else ""
    text = f"{{title}} {moved}{by}, from {{prior}} to {{value}}"
    missed = misses_target(one, readings.now[one.name].value)
    if missed is not None:
        facts["target"] = readings.fact(one.name, How.TARGET)
        text += " — its target is {target}" if missed else " — better than its target of {target}"
    return Sentence(text + ".", facts, {"title": one.title})


def _why(readings: Readings, name: str, splits: dict[Dimension, tuple[Split, Split]]) -> Iterable[Sentence]:
    """For each dimension that explains: the mix where it turns the whole around, and the label that adds most."""
    difference = _difference(readings, name)
    for by, split in splits.items():
        made = readings.contributions(name, split)
        if len(made) < 2 or not readings.covers(name, split) or not _known(made[0].label, name, split):
            continue
        own, mix = sum(part.rate for part in made), sum(part.mix for part in made)
        if _turned_around(own, mix, difference):
            yield _simpson(readings, name, by, own, mix)
        elif made[0].total * difference > 0 and abs(made[0].total) >= _LEAST_PART * abs(difference):
            yield _label(readings, name, by, made[0], split)


def _known(label: str, name: str, split: tuple[Split, Split]) -> bool:
    """Whether there are rows enough of a label to name it, in the periods in which it was there."""
    reads = [one[name][label] for one in split if label in one[name]]
    return all(enough(read) for read in reads)


def _turned_around(own: float, mix: float, difference: float) -> bool:
    """Whether the labels' own figures went the other way than the whole."""
    return own * difference < 0 < mix * difference and abs(own) >= 0.1 * abs(difference)


def _simpson(readings: Readings, name: str, by: Dimension, own: float, mix: float) -> Sentence:
    facts = {"own": readings.part_fact(name, How.OWN, by, own), "mix": readings.part_fact(name, How.MIX, by, mix)}
    moved, lies, makes = ("rose", "lower", "took {mix} off") if own > 0 else ("fell", "higher", "added {mix}")
    text = f"{{By}} by {{by}} it {moved}, by {{own}}; but more of the work went where it is {lies}, which {makes}."
    return Sentence(text, facts, {"By": by.value.capitalize(), "by": by.value})


def _label(readings: Readings, name: str, by: Dimension, part: Contribution, split: tuple[Split, Split]) -> Sentence:
    before, after = (one.get(name, {}).get(part.label) for one in split)
    facts: dict[str, Fact] = {"part": readings.part_fact(name, How.CONTRIBUTION, by, part.total, part.label)}
    if before is not None:
        facts["prior"] = readings.labelled_fact(How.PRIOR, by, before)
    if after is not None:
        facts["value"] = readings.labelled_fact(How.VALUE, by, after)
    words = {"by": by.value, "label": part.label}
    if before is None:
        return Sentence("{label} ({by}) is new, at {value}, and accounts for {part} of it.", facts, words)
    if after is None:
        return Sentence("{label} ({by}), at {prior} before, is gone, which accounts for {part} of it.", facts, words)
    if abs(part.mix) > abs(part.rate):
        facts |= _shares(readings, name, by, part.label, split)
        del facts["prior"]
        text = "{label} ({by}), at {value}, went from {old_share} to {new_share} of the work: that accounts for {part} of it."
        return Sentence(text, facts, words)
    return Sentence("{label} ({by}) accounts for {part} of it, going from {prior} to {value}.", facts, words)


def _shares(readings: Readings, name: str, by: Dimension, label: str, split: tuple[Split, Split]) -> dict[str, Fact]:
    facts = {}
    for place, how, labels in zip(("old_share", "new_share"), (How.PRIOR_SHARE, How.SHARE), split, strict=True):
        work = {each: read.denominator or 0.0 for each, read in labels[name].items()}
        facts[place] = readings.part_fact(name, how, by, work[label] / sum(work.values()), label)
    return facts
