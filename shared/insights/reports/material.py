"""Material: a report as it is kept and sent: its files, its letter, and its sentences with their facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from shared.core.documents import StoredModel
from shared.exports import html_pictures, write_html
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


@dataclass(frozen=True)
class Material:
    """What of a report outlives the process that made it. `files` are by their ending, `pictures` those of the letter."""

    kind: ReportKind
    title: str
    label: str
    slug: str
    start: datetime
    end: datetime
    zone: str
    made: datetime
    text: str
    letter: str
    sentences: tuple[StoredSentence, ...]
    files: Mapping[str, bytes]
    pictures: Mapping[str, bytes]

    def described(self) -> dict[str, Any]:
        """What of it stands in its document."""
        names = ("title", "label", "slug", "start", "end", "zone", "made", "text")
        sentences = [sentence.model_dump(by_alias=True) for sentence in self.sentences]
        return {"kind": self.kind.value, **{name: getattr(self, name) for name in names}, "sentences": sentences}


def prepare(report: Report) -> Material:
    """The material of a report. Raises Unavailable."""
    letter, edition = letter_document(report), report.edition
    return Material(
        kind=edition.kind,
        title=report.title,
        label=edition.label,
        slug=edition.slug,
        start=edition.period.start,
        end=edition.period.end,
        zone=edition.zone.key,
        made=report.made,
        text=_plain(report),
        letter=write_html(letter, lambda name: f"cid:{name}"),
        sentences=tuple(map(StoredSentence.of, report.sentences)),
        files=write_files(report, ("pdf", "xlsx")),
        pictures=html_pictures(letter),
    )


def _plain(report: Report) -> str:
    """The letter for who reads no HTML."""
    parts = [f"{report.title}, {report.edition.label}"]
    changed = [sentence for change in report.changes for sentence in (change.what, *change.why)]
    sections = (
        ("What changed, and why", [*report.uncovered, *changed]),
        ("Still off target", report.off_target),
        ("What to do", report.advice),
        ("Too little data", report.too_little),
    )
    for heading, sentences in sections:
        if sentences:
            parts.append("\n".join([heading, *(f"- {sentence.text}" for sentence in sentences)]))
    if len(parts) == 1:
        parts.append("Nothing moved by more than chance would move it.")
    return "\n\n".join(parts) + "\n"
