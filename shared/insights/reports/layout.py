"""The layout: a report as a document. The letter has what is read at once; the whole has every figure and all evidence."""

from collections.abc import Iterator
from datetime import UTC

from shared.core.settings import settings
from shared.exports import Block, Bullets, Document, Heading, Paragraph, Tiles
from shared.insights.reports import plots, tables
from shared.insights.reports.expected import expected
from shared.insights.reports.headline import make_tile
from shared.insights.reports.report import Report
from shared.insights.reports.sentence import Sentence

_ALIKE = 0.05
"""Periods whose lengths differ by less are as long as each other."""
ANONYMITY = "Labels that fewer than five people account for are not shown."


def whole_document(report: Report) -> Document:
    """Everything. Raises Unavailable."""
    return _document(report, [*_opening(report), *_charts(report), *_expected(report), *_details(report)])


def letter_document(report: Report) -> Document:
    """What is mailed: the headline, the text, the first charts and the figures. Raises Unavailable."""
    first = plots.over_time(report, most=2)
    return _document(
        report,
        [*_opening(report), *first, Heading("Figures"), tables.figures(report), Paragraph(ANONYMITY, quiet=True)],
    )


def _document(report: Report, blocks: list[Block]) -> Document:
    edition = report.edition
    made = f"{report.made.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return Document(
        title=report.title,
        subtitle=f"{edition.label}, days of {edition.zone.key}; {_compared(report)}",
        blocks=tuple(blocks),
        origin=f"Kompo, project {settings().project}. Figures as read at {made}.",
    )


def _compared(report: Report) -> str:
    if not report.compares:
        return "not compared with the period before"
    stretch = report.edition.stretch
    length = "" if abs(stretch - 1) < _ALIKE else " shorter" if stretch > 1 else " longer"
    return f"compared with the{length} period before"


def _opening(report: Report) -> Iterator[Block]:
    if report.headline:
        trails = report.readings.series(report.headline)
        yield Tiles(tuple(make_tile(report.readings, name, trails[name]) for name in report.headline))
    yield Heading("What changed, and why")
    if report.uncovered:
        yield Bullets(tuple(map(_bullet, report.uncovered)))
    if report.changes:
        yield Bullets(tuple(_bullet(change.what, *change.why) for change in report.changes))
    elif not report.uncovered:
        yield Paragraph("Nothing moved by more than chance would move it.")
    if report.off_target:
        yield Heading("Still off target")
        yield Bullets(tuple(map(_bullet, report.off_target)))
    yield Heading("What to do")
    if report.advice:
        yield Bullets(tuple(map(_bullet, report.advice)), numbered=True)
    else:
        yield Paragraph("No rule asks for anything.")
    if report.too_little:
        yield Heading("Too little data")
        yield Bullets(tuple(map(_bullet, report.too_little)))


def _bullet(*sentences: Sentence) -> tuple[str, str]:
    """Sentences that belong together, and the KPIs that they rest on."""
    names = dict.fromkeys(name for sentence in sentences for name in sentence.kpis)
    return " ".join(sentence.text for sentence in sentences), f"[{', '.join(names)}]"


def _charts(report: Report) -> Iterator[Block]:
    lines = plots.over_time(report)
    if lines:
        yield Heading("How it went")
        yield from lines
    why = plots.reasons(report)
    if why:
        yield Heading("Where it changed")
        yield from why


def _expected(report: Report) -> Iterator[Block]:
    blocks = expected(report)
    if blocks:
        yield Heading("What is to be expected")
        yield from blocks


def _details(report: Report) -> Iterator[Block]:
    for heading, table in tables.by_labels(report):
        yield Heading(heading)
        yield table
    alerts = tables.alerts(report)
    if alerts is not None:
        yield Heading("Alerts that fired")
        yield alerts
    yield Heading("All figures")
    yield tables.figures(report)
    yield Paragraph(ANONYMITY, quiet=True)
    yield Heading("What the sentences rest on")
    yield tables.evidence(report)
