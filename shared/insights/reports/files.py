"""A report as files: PDF, XLSX, and a page of HTML that carries its pictures in itself."""

import base64
import io
from collections.abc import Callable, Collection, Mapping

from shared.exports import Document, html_pictures, write_html, write_pdf, write_xlsx
from shared.insights.reports.layout import whole_document
from shared.insights.reports.report import Report

FORMATS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
}
"""Content types by the ending of the file."""


def write_files(report: Report, formats: Collection[str] = FORMATS) -> dict[str, bytes]:
    """The report in each of these formats (`pdf`, `xlsx`, `html`). Raises Unavailable."""
    document = whole_document(report)
    return {name: _WRITERS[name](document) for name in formats}


def _pdf(document: Document) -> bytes:
    held = io.BytesIO()
    write_pdf(document, held)
    return held.getvalue()


def _xlsx(document: Document) -> bytes:
    held = io.BytesIO()
    write_xlsx(document, held)
    return held.getvalue()


def _html(document: Document) -> bytes:
    pictures = {name: base64.b64encode(png).decode() for name, png in html_pictures(document).items()}
    return write_html(document, lambda name: f"data:image/png;base64,{pictures[name]}").encode()


_WRITERS: Mapping[str, Callable[[Document], bytes]] = {"pdf": _pdf, "xlsx": _xlsx, "html": _html}
