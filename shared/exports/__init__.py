"""Exports: tables and charts as files that people open: CSV, JSON, XLSX, PDF, HTML, text, PNG.

There is no domain in it. A `Table` has typed columns and rows that may be a generator; a `Chart` has series with a unit, a target
and a forecast's band; a `Document` is text, tables and charts in order. Each writer says what it holds in memory.
"""

from shared.exports.chart import Annotation, Band, Chart, Series, Shape
from shared.exports.delimited import csv_chunks
from shared.exports.document import Beside, Block, Bullets, Document, Heading, Paragraph, Tile, Tiles, Tone
from shared.exports.drawing import draw_png, draw_sparkline
from shared.exports.errors import InvalidTable
from shared.exports.figures import Figure, Kind, signed, written
from shared.exports.html import html_pictures, write_html
from shared.exports.notation import json_chunks
from shared.exports.pdf import write_pdf
from shared.exports.plain import write_plain
from shared.exports.spreadsheet import write_xlsx
from shared.exports.table import Cell, Column, Row, Table

__all__ = [
    "Annotation",
    "Band",
    "Beside",
    "Block",
    "Bullets",
    "Cell",
    "Chart",
    "Column",
    "Document",
    "Figure",
    "Heading",
    "InvalidTable",
    "Kind",
    "Paragraph",
    "Row",
    "Series",
    "Shape",
    "Table",
    "Tile",
    "Tiles",
    "Tone",
    "csv_chunks",
    "draw_png",
    "draw_sparkline",
    "html_pictures",
    "json_chunks",
    "signed",
    "write_html",
    "write_pdf",
    "write_plain",
    "write_xlsx",
    "written",
]
