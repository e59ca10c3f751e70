"""Reports: what an edition has to say, and the numbers that it says it from."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.core.clock import now
from shared.insights.reports.advice import advise
from shared.insights.reports.changes import Change, find_changes, off_target, too_little, uncovered
from shared.insights.reports.edition import Edition, check_over, last_edition
from shared.insights.reports.headline import choose_headline
from shared.insights.reports.kinds import ReportKind
from shared.insights.reports.readings import Readings
from shared.insights.reports.sentence import Sentence


@dataclass(frozen=True)
class Report:
    """An edition's text: what cannot be compared or is not there, what changed and why, which targets are missed besides, what to
    do, and what is known too little of.

    `readings` holds the numbers. `made` is when they were read."""

    edition: Edition
    readings: Readings
    headline: tuple[str, ...]
    uncovered: tuple[Sentence, ...]
    changes: tuple[Change, ...]
    off_target: tuple[Sentence, ...]
    advice: tuple[Sentence, ...]
    too_little: tuple[Sentence, ...]
    made: datetime

    @property
    def title(self) -> str:
        """What it is called."""
        return self.edition.kind.heading

    @property
    def compares(self) -> bool:
        """Whether it compares the period with the one before."""
        return self.readings.begun is None

    @property
    def sentences(self) -> list[Sentence]:
        """Everything that it says, in order."""
        changed = [sentence for change in self.changes for sentence in (change.what, *change.why)]
        return [*self.uncovered, *changed, *self.off_target, *self.advice, *self.too_little]


def make_report(kind: ReportKind, until: datetime, zone: ZoneInfo, cron: str | None = None) -> Report:
    """The report of the last edition that was over at `until`. Raises InvalidInput (see `last_edition`; or it is not over yet),
    Unavailable."""
    edition = last_edition(kind, until, zone, cron)
    check_over(edition, now())
    return write_report(edition)


def write_report(edition: Edition) -> Report:
    """The report of an edition. Raises Unavailable."""
    made = now()
    readings = Readings(edition)
    headline = choose_headline(readings)
    changes = find_changes(readings)
    return Report(
        edition,
        readings,
        headline,
        tuple(uncovered(readings)),
        tuple(changes),
        tuple(off_target(readings, [change.kpi.name for change in changes])),
        tuple(advise(readings)),
        tuple(too_little(readings, headline)),
        made,
    )
