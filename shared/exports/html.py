"""HTML as mail programs show it: tables for layout, styles at the elements, pictures by the address that the caller gives."""

from collections.abc import Callable, Iterable
from html import escape

from shared.exports.chart import Chart
from shared.exports.document import Beside, Block, Bullets, Document, Heading, Paragraph, Tile, Tiles, Tone
from shared.exports.figures import Kind, written
from shared.exports.palette import ACCENT, BAD, FAINT, GOOD, INK, PAPER, QUIET
from shared.exports.table import Column, Row, Table

_FONT = "font-family:'Fira Sans','Segoe UI',Helvetica,Arial,sans-serif"
_TONES = {Tone.GOOD: GOOD, Tone.BAD: BAD, Tone.NEUTRAL: QUIET}
_TILES_A_ROW = 4
_CELL = f"padding:5px 8px;border-bottom:1px solid {FAINT};font-size:13px"
_HEAD = f"{_CELL};border-bottom:2px solid {QUIET};color:{QUIET}"
_FOOT = f"margin:28px 0 0;padding-top:8px;border-top:1px solid {FAINT};color:{QUIET};font-size:12px"
_GRID = "width:100%;border-collapse:collapse"


def write_html(document: Document, address: Callable[[int, Chart], str], *, most_rows: int = 200) -> str:
    """The document as one HTML page of 720 px. `address(n, chart)` is the URL of the picture of chart n, e.g. `cid:chart-0`.

    Of a table the first `most_rows` rows show: mail programs cut long letters off."""
    charts = {id(chart): address(number, chart) for number, chart in enumerate(document.charts())}
    body = "".join(_block(block, charts, most_rows) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(document.title)}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f'<body style="margin:0;padding:24px 12px;background:#ffffff;color:{INK};{_FONT};line-height:1.45">'
        '<div style="max-width:720px;margin:0 auto">'
        f'<h1 style="font-size:24px;margin:0 0 2px">{escape(document.title)}</h1>'
        f'<p style="margin:0 0 18px;color:{QUIET}">{escape(document.subtitle)}</p>{body}'
        f'<p style="{_FOOT}">{escape(document.origin)}</p>'
        "</div></body></html>\n"
    )


def _block(block: Block, charts: dict[int, str], most_rows: int) -> str:
    if isinstance(block, Heading):
        return f'<h2 style="font-size:17px;margin:24px 0 8px;color:{ACCENT}">{escape(block.text)}</h2>'
    if isinstance(block, Paragraph):
        look = f"font-size:12px;color:{QUIET}" if block.quiet else "font-size:14px"
        return f'<p style="margin:0 0 8px;{look}">{escape(block.text)}</p>'
    if isinstance(block, Bullets):
        return _bullets(block)
    if isinstance(block, Tiles):
        return _tiles(block.tiles)
    if isinstance(block, Table):
        return _table(block, most_rows)
    if isinstance(block, Beside):
        halves = "".join(
            f'<td style="width:50%">{_picture(chart, charts, 355)}</td>' for chart in (block.left, block.right)
        )
        return f'<table role="presentation" style="{_GRID}"><tr>{halves}</tr></table>'
    return _picture(block, charts, 720)


def _picture(chart: Chart, charts: dict[int, str], width: int) -> str:
    return (
        f'<p style="margin:10px 0"><img src="{escape(charts[id(chart)])}" alt="{escape(chart.described)}" width="{width}" '
        'style="max-width:100%;height:auto;border:0"></p>'
    )


def _bullets(block: Bullets) -> str:
    tag = "ol" if block.numbered else "ul"
    items = "".join(
        f'<li style="margin:0 0 7px;font-size:14px">{escape(text)}'
        + (f' <span style="color:{QUIET};font-size:11px">{escape(note)}</span>' if note else "")
        + "</li>"
        for text, note in block.items
    )
    return f'<{tag} style="margin:0 0 8px;padding-left:20px">{items}</{tag}>'


def _tiles(tiles: tuple[Tile, ...]) -> str:
    rows = [tiles[start : start + _TILES_A_ROW] for start in range(0, len(tiles), _TILES_A_ROW)]
    width = 100 // _TILES_A_ROW
    cells = (
        "".join(f'<td style="width:{width}%;padding:4px;vertical-align:top">{_tile(tile)}</td>' for tile in row)
        for row in rows
    )
    return f'<table role="presentation" style="{_GRID};margin:0 -4px">{_rows(cells)}</table>'


def _tile(tile: Tile) -> str:
    edge = FAINT if tile.met is None else GOOD if tile.met else BAD
    change = (
        f'<div style="font-size:12px;font-weight:bold;color:{_TONES[tile.tone]}">{escape(tile.change)}</div>'
        if tile.change
        else ""
    )
    target = f'<div style="font-size:11px;color:{QUIET}">{escape(tile.target)}</div>' if tile.target else ""
    return (
        f'<div style="background:{PAPER};border-left:4px solid {edge};padding:8px 10px;min-height:74px">'
        f'<div style="font-size:12px;color:{QUIET}">{escape(tile.title)}</div>'
        f'<div style="font-size:21px;font-weight:bold">{escape(tile.value)}</div>{change}{target}</div>'
    )


def _table(table: Table, most_rows: int) -> str:
    header = "".join(
        f'<th style="{_HEAD};text-align:{_side(column)}">{escape(column.heading)}</th>' for column in table.columns
    )
    shown, left = [], 0
    for number, row in enumerate(table.checked()):
        if number < most_rows:
            shown.append(_cells(table.columns, row))
        else:
            left += 1
    more = f"{left:,} more rows are in the attached files." if left else ""
    note = " ".join(text for text in (table.note, more) if text)
    under = f'<p style="margin:4px 0 10px;font-size:12px;color:{QUIET}">{escape(note)}</p>' if note else ""
    return f'<table style="{_GRID}"><thead><tr>{header}</tr></thead><tbody>{_rows(shown)}</tbody></table>{under}'


def _cells(columns: tuple[Column, ...], row: Row) -> str:
    return "".join(
        f'<td style="{_CELL};text-align:{_side(column)};vertical-align:top">'
        f"{escape(written(cell, column.kind, column.tzinfo if column.kind is Kind.TIME else None))}</td>"
        for column, cell in zip(columns, row, strict=True)
    )


def _side(column: Column) -> str:
    return "right" if column.kind.numeric else "left"


def _rows(cells: Iterable[str]) -> str:
    return "".join(f"<tr>{row}</tr>" for row in cells)
