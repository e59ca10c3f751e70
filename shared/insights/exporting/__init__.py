"""Exporting: the figures of any page as a file, at once or by a job."""

from shared.insights.exporting.background import carry_out, export_of, request_export
from shared.insights.exporting.export import DRAWN_CELLS, STREAMED_ROWS, Export, make_export
from shared.insights.exporting.request import ExportRequest, ExportSubject, FileFormat

__all__ = [
    "DRAWN_CELLS",
    "STREAMED_ROWS",
    "Export",
    "ExportRequest",
    "ExportSubject",
    "FileFormat",
    "carry_out",
    "export_of",
    "make_export",
    "request_export",
]
