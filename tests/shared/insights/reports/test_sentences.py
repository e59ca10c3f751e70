"""Every number in every sentence of a report is one that can be measured again, of the KPI and period that its fact names."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from shared.core.ids import new_id
from shared.events import Event
from shared.exports import written
from shared.insights import Dimension, Period, UnknownKpi, kpi, measure
from shared.insights.reports import Edition, Fact, How, Material, Report, ReportKind, last_edition, make_report, prepare
from shared.insights.reports.advice import Advice, rules
from shared.insights.reports.changes import find_changes
from shared.insights.reports.contribution import Contribution, Share, of_rate, of_sum
from shared.insights.reports.layout import letter_document
from shared.insights.reports.readings import Readings
from shared.insights.reports.sentence import change_of
from tests.cloud import RunningCloud
from tests.shared.told import operation, tell, tell_all

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WEEK = timedelta(days=7)
FRAMES = {How.PRIOR, How.PRIOR_SHARE}


@pytest.fixture(scope="module")
def report(cloud: RunningCloud) -> Report:
    """Of a week in which every operation succeeded more often, and all together less: most of the work was a hard one."""
    monday = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=300)
    monday -= timedelta(days=monday.weekday())
    dice = random.Random(3)
    tell_week(dice, monday - WEEK, {"trim": (360, 0.95), "reverse": (60, 0.50)})
    tell_week(dice, monday, {"trim": (60, 0.98), "reverse": (360, 0.60), "leica_look": (3, 1.0)})
    return make_report(ReportKind.WEEKLY, monday + WEEK, ZoneInfo("UTC"))


@pytest.fixture(scope="module")
def material(report: Report) -> Material:
    """The report as it is kept and sent."""
    return prepare(report)


def tell_week(dice: random.Random, start: datetime, work: dict[str, tuple[int, float]]) -> None:
    """Operations of twelve people; of one that is done three times, of one person."""
    told: dict[str, list[Event]] = {}
    for kind, (count, rate) in work.items():
        for number in range(count):
            at = start + timedelta(seconds=dice.randrange(int(WEEK.total_seconds())))
            user = f"reporting-{number % 12 if count > 10 else 0}"
            ran = operation(at, kind, success=number < rate * count, ms=dice.uniform(100, 900))
            told.setdefault(user, []).append(ran)
    tell_all(told.items())


def measured_again(fact: Fact) -> float | None:
    """The fact's value, from nothing but what it says of itself."""
    one, period = kpi(fact.kpi), fact.period
    by = [Dimension(fact.dimension)] if fact.dimension else []
    if fact.how is How.TARGET:
        return one.target
    if fact.how in (How.VALUE, How.PRIOR, How.SAMPLES):
        [found] = [read for read in measure([one.name], period, by=by) if read.labels == fact.labels]
        return found.samples if fact.how is How.SAMPLES else found.value
    if fact.how is How.CHANGE:
        before, after = (measure([one.name], each)[0].value for each in (period.before, period))
        return change_of(one, before, after)
    if fact.how in (How.SHARE, How.PRIOR_SHARE):
        work = {read.labels: read.denominator or 0 for read in measure([one.name], period, by=by)}
        return work[fact.labels] / sum(work.values())
    parts = contributions(fact, by)
    if fact.labels:
        [part] = [part for part in parts if part.label == fact.labels[0][1]]
        return part.total
    return sum(part.rate if fact.how is How.OWN else part.mix for part in parts)


def contributions(fact: Fact, by: list[Dimension]) -> list[Contribution]:
    before, after = (measure([fact.kpi], each, by=by) for each in (fact.period.before, fact.period))
    if before and before[0].denominator is None:
        return of_sum(*({read.labels[0][1]: read.value or 0 for read in reads} for reads in (before, after)))
    return of_rate(
        *(
            {read.labels[0][1]: Share(read.numerator or 0, read.denominator or 0) for read in reads}
            for reads in (before, after)
        )
    )


def facts(report: Report) -> Iterator[Fact]:
    for sentence in report.sentences:
        yield from sentence.facts.values()


def test_the_report_has_something_to_say(report: Report) -> None:
    said = [sentence.text for sentence in report.sentences]
    assert any(text.startswith("Success rate fell by") for text in said), said
    assert {fact.how for fact in facts(report)} >= {How.VALUE, How.PRIOR, How.CHANGE, How.TARGET, How.OWN, How.MIX}


def test_every_fact_is_measured_again_with_the_same_result(report: Report) -> None:
    for fact in facts(report):
        assert measured_again(fact) == pytest.approx(fact.value, rel=1e-9), fact


def test_every_number_in_every_sentence_is_that_of_a_fact(report: Report) -> None:
    for sentence in report.sentences:
        assert sentence.facts, sentence.text
        bare = sentence.template
        for word in [*sentence.facts, *sentence.words]:
            bare = bare.replace(f"{{{word}}}", "")
        assert not NUMBER.findall(bare.replace("/v1/", "")), sentence.text
        known = {written(fact.value, fact.kind).lstrip("−+") for fact in sentence.facts.values()}
        known |= {fact.text.lstrip("−") for fact in sentence.facts.values()}
        told = sentence.text
        for text in sorted(known, key=len, reverse=True):
            told = told.replace(text, "")
        for word in sentence.words.values():
            told = told.replace(word, "")
        assert not NUMBER.findall(told.replace("/v1/", "")), (sentence.text, told)


def test_facts_of_the_period_before_are_of_it(report: Report) -> None:
    for fact in facts(report):
        expected = report.edition.before if fact.how in FRAMES else report.edition.period
        assert fact.period == expected


def test_the_mix_is_named_where_it_turns_the_whole_around(report: Report) -> None:
    [success] = [change for change in find_changes(report.readings) if change.kpi.name == "success_rate"]
    assert not success.better
    assert success.why[0].text.startswith("Operation by operation it rose, by ")
    assert "more of the work went where it is lower, which took" in success.why[0].text


def test_what_only_one_person_did_is_nowhere(material: Material) -> None:
    everything = material.told.text + material.letter + " ".join(each.text for each in material.told.sentences)
    assert "leica_look" not in everything
    assert "reverse" in everything


def test_advice_names_the_operation_that_fails_and_what_it_rests_on(report: Report) -> None:
    advice = [sentence for sentence in report.advice if sentence.text.startswith("Look into reverse first")]
    assert len(advice) == 1
    assert advice[0].kpis == ("success_rate",)


class Page(HTMLParser):
    """A page of HTML as mail programs read it: what it shows, its elements, its pictures, and where it leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.pictures: dict[str, str | None] = {}
        self.addresses: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.elements.add(tag)
        self.addresses |= {told[name] or "" for name in ("src", "href", "action", "background") if name in told}
        if tag == "img":
            self.pictures[told["src"] or ""] = told.get("alt")
        if tag not in ("img", "meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_letter_is_whole_html_that_asks_nobody_for_anything(material: Material) -> None:
    page = Page(material.letter)
    assert page.open == []
    assert set(page.pictures) == page.addresses == {f"cid:{name}" for name in material.pictures}
    assert all(alt for address, alt in page.pictures.items() if "chart" in address)
    assert not page.elements & {"script", "link", "iframe", "object", "form", "svg", "base"}
    assert not re.search(r"https?://|//[a-z]|url\(|@import|\son\w+=", material.letter)
    assert "max-width" in material.letter and 'name="viewport"' in material.letter


def test_the_letter_says_the_same_to_who_reads_no_html(report: Report, material: Material) -> None:
    assert all(sentence.text in material.told.text for sentence in report.sentences)
    shown = unescape(re.sub("<style>.*?</style>|<[^>]*>", " ", material.letter))
    numbers = re.compile(r"[−+]?\$?\d[\d,.:-]*\d|\d")
    assert set(numbers.findall(shown)) - set(numbers.findall(material.told.text)) == set()


@pytest.mark.parametrize(("days", "told"), [(7, "the period"), (21, "the longer period"), (1, "the shorter period")])
def test_the_head_says_of_what_length_the_period_before_was(report: Report, days: int, told: str) -> None:
    start = report.edition.period.start
    before = Period(start - timedelta(days=days), start)
    other = replace(report, edition=replace(report.edition, before=before))
    assert letter_document(other).subtitle.endswith(f"; compared with {told} before")


def test_where_there_is_too_little_data_the_report_says_so(cloud: RunningCloud, lonely_hour: datetime) -> None:
    for number in range(6):
        tell(f"few-{number}", operation(lonely_hour, success=False))
    day = Period(lonely_hour.replace(hour=0), lonely_hour.replace(hour=0) + timedelta(days=1))
    report = make_report(ReportKind.DAILY, day.end, ZoneInfo("UTC"))
    assert report.changes == ()
    assert report.advice == ()
    assert "Success rate rests on 6 rows: too few to say anything of it." in [each.text for each in report.too_little]


def test_where_all_fail_alike_none_is_named_to_be_looked_into_first(cloud: RunningCloud, lonely_hour: datetime) -> None:
    work = [operation(lonely_hour, kind, success=False) for kind in ("trim", "reverse") for _ in range(6)]
    tell_all(
        (f"failing-{number}", [each.model_copy(update={"event_id": new_id()}) for each in work]) for number in range(6)
    )
    report = make_report(ReportKind.DAILY, lonely_hour.replace(hour=0) + timedelta(days=1), ZoneInfo("UTC"))
    assert "Success rate is 0.0 % and still misses its target of 99.5 %." in [each.text for each in report.off_target]
    assert report.advice == ()


def test_a_period_without_any_event_is_a_report_too(cloud: RunningCloud) -> None:
    report = make_report(ReportKind.WEEKLY, datetime(2020, 2, 3, tzinfo=UTC), ZoneInfo("UTC"))
    assert [sentence.text for sentence in report.sentences] == ["Events of this period: 0; of the one before: 0."]
    material = prepare(report)
    assert "Events of this period: 0" in material.told.text
    assert "Nothing moved" not in material.told.text
    assert material.files["pdf"].startswith(b"%PDF")


def test_rules_of_advice_name_kpis_and_parts_that_there_are() -> None:
    assert len(rules()) > 10
    for broken in ("{no_such_kpi}", "{success_rate.median}", "{worst}"):
        with pytest.raises((UnknownKpi, ValueError), match=r"No KPI|has no median|needs `compare`"):
            Advice.model_validate({"when": [{"kpi": "success_rate", "is": "off_target"}], "say": broken})


def test_days_of_another_zone_are_put_together_from_its_hours(cloud: RunningCloud, lonely_hour: datetime) -> None:
    zone = ZoneInfo("Asia/Tokyo")
    end = last_edition(ReportKind.DAILY, lonely_hour, zone).period.end
    days = Period(end - timedelta(days=6), end)
    edition = Edition(ReportKind.CUSTOM, days, days.before, zone)
    for day in range(6):
        for number in range(day + 1):
            at = edition.period.start + timedelta(days=day, hours=23, minutes=number)
            tell(f"tokyo-{number}", operation(at, success=number > 0))
    series = Readings(edition).series(["operations", "success_rate", "unique_users"])
    assert series["operations"] == [1, 2, 3, 4, 5, 6]
    assert series["success_rate"] == pytest.approx([0, 1 / 2, 2 / 3, 3 / 4, 4 / 5, 5 / 6])
    assert series["unique_users"] == [1, 2, 3, 4, 5, 6]
