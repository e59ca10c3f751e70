"""Material: a report as it is kept and sent: its files, its letter, and its sentences with their facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from shared.core.documents import StoredModel
from shared.exports import Document, html_pictures, write_html, write_plain
from shared.insights.reports.files import write_files
from shared.insights.reports.kinds import ReportKind
from shared.insights.reports.layout import letter_document
from shared.insights.reports.report import Report
from shared.insights.reports.sentence import Fact, Sentence

LETTER = "letter.html"


class StoredFact(StoredModel):
    """A number of a sentence, and what it is made from (see `How`). `text` is how it stands there."""

    kpi: str
    how: str
    start: datetime
    end: datetime
    value: float | None
    text: str
    dimension: str | None = None
    labels: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(cls, fact: Fact) -> "StoredFact":
        """As it is kept."""
        return cls(
            kpi=fact.kpi,
            how=fact.how.value,
            start=fact.period.start,
            end=fact.period.end,
            value=fact.value,
            text=fact.text,
            dimension=fact.dimension,
            labels=dict(fact.labels),
        )


class StoredSentence(StoredModel):
    """A sentence with the facts that its numbers are."""

    text: str
    facts: tuple[StoredFact, ...]

    @classmethod
    def of(cls, sentence: Sentence) -> "StoredSentence":
        """As it is kept."""
        return cls(text=sentence.text, facts=tuple(StoredFact.of(fact) for fact in sentence.facts.values()))


class ReportText(StoredModel):
    """What a report says, and of which period. `label` is the period in words, `slug` as a part of names of files."""

    kind: ReportKind
    title: str
    label: str
    slug: str
    start: datetime
    end: datetime
    zone: str
    made: datetime
    text: str
    sentences: tuple[StoredSentence, ...]

    @classmethod
    def of(cls, report: Report, letter: Document) -> "ReportText":
        """As it is kept; its text is the letter for who reads no HTML."""
        edition = report.edition
        return cls(
            kind=edition.kind,
            title=report.title,
            label=edition.label,
            slug=edition.slug,
            start=edition.period.start,
            end=edition.period.end,
            zone=edition.zone.key,
            made=report.made,
            text=write_plain(letter),
            sentences=tuple(map(StoredSentence.of, report.sentences)),
        )


@dataclass(frozen=True)
class Material:
    """What of a report outlives the process that made it: what it says, its letter as HTML, its files by their ending, and the
    pictures of the letter by name."""

    told: ReportText
    letter: str
    files: Mapping[str, bytes]
    pictures: Mapping[str, bytes]


def prepare(report: Report) -> Material:
    """The material of a report. Raises Unavailable."""
    letter = letter_document(report)
    return Material(
        told=ReportText.of(report, letter),
        letter=write_html(letter, lambda name: f"cid:{name}"),
        files=write_files(report, ("pdf", "xlsx")),
        pictures=html_pictures(letter),
    )
