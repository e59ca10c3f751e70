"""HTML as mail programs show it: tables for layout, styles at the elements, pictures by the address that the caller gives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from shared.exports.chart import Chart
from shared.exports.document import Beside, Block, Bullets, Document, Heading, Paragraph, Tile, Tiles, Tone
from shared.exports.drawing import draw_png, draw_sparkline
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
_WIDE, _HALF = 720, 355
"""Pixels."""
_HALF_DRAWN = 3.6, 2.3, 200
"""Inches, and dots in each: half as wide, and its letters as large."""
_NARROW = (
    "<style>@media(max-width:520px){td.beside{display:block!important;width:auto!important}"
    "body{padding:12px 8px!important}}</style>"
)
"""On a telephone what stands side by side goes one below the other; mail programs that know no such styles show it small."""


def html_pictures(document: Document) -> dict[str, bytes]:
    """The pictures of the page, as PNG by name: `chart-1` … in order, and `trail-1` … of tiles that have one."""
    halves = {id(chart) for pair in document.blocks if isinstance(pair, Beside) for chart in (pair.left, pair.right)}
    charts = {
        f"chart-{number}": draw_png(chart, *_HALF_DRAWN) if id(chart) in halves else draw_png(chart)
        for number, chart in enumerate(document.charts(), start=1)
    }
    trails = {f"trail-{number}": draw_sparkline(tile.trail) for number, tile in enumerate(_trailing(document), start=1)}
    return charts | trails


def write_html(document: Document, address: Callable[[str], str], *, most_rows: int = 200) -> str:
    """The document as one HTML page of 720 px. `address(name)` is the URL of a picture of `html_pictures`, e.g. `cid:chart-1`.

    Of a table the first `most_rows` rows show: mail programs cut long letters off."""
    page = _Page(
        {id(chart): address(f"chart-{number}") for number, chart in enumerate(document.charts(), start=1)},
        {id(tile): address(f"trail-{number}") for number, tile in enumerate(_trailing(document), start=1)},
        most_rows,
    )
    body = "".join(page.block(block) for block in document.blocks)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(document.title)}</title>'
        f'<meta name="viewport" content="width=device-width">{_NARROW}</head>'
        f'<body style="margin:0;padding:24px 12px;background:#ffffff;color:{INK};{_FONT};line-height:1.45">'
        f'<div style="max-width:{_WIDE}px;margin:0 auto">'
        f'<h1 style="font-size:24px;margin:0 0 2px">{escape(document.title)}</h1>'
        f'<p style="margin:0 0 18px;color:{QUIET}">{escape(document.subtitle)}</p>{body}'
        f'<p style="{_FOOT}">{escape(document.origin)}</p></div></body></html>\n'
    )


def _trailing(document: Document) -> list[Tile]:
    """The tiles whose way is drawn."""
    return [tile for block in document.blocks if isinstance(block, Tiles) for tile in block.tiles if _known(tile) > 1]


def _known(tile: Tile) -> int:
    return sum(value is not None for value in tile.trail)


@dataclass(frozen=True)
class _Page:
    """The addresses of pictures by the identity of what they show, and how many rows of a table do."""

    charts: dict[int, str]
    trails: dict[int, str]
    most_rows: int

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return f'<h2 style="font-size:17px;margin:24px 0 8px;color:{ACCENT}">{escape(block.text)}</h2>'
        if isinstance(block, Paragraph):
            look = f"font-size:12px;color:{QUIET}" if block.quiet else "font-size:14px"
            return f'<p style="margin:0 0 8px;{look}">{escape(block.text)}</p>'
        if isinstance(block, Bullets):
            return _bullets(block)
        if isinstance(block, Tiles):
            return self._tiles(block.tiles)
        if isinstance(block, Table):
            return _table(block, self.most_rows)
        if isinstance(block, Beside):
            pair = "".join(
                f'<td class="beside" style="width:50%">{self._chart(chart, _HALF)}</td>'
                for chart in (block.left, block.right)
            )
            return f'<table role="presentation" style="{_GRID}"><tr>{pair}</tr></table>'
        return self._chart(block, _WIDE)

    def _chart(self, chart: Chart, width: int) -> str:
        return f'<p style="margin:10px 0">{_picture(self.charts[id(chart)], chart.described, width)}</p>'

    def _tiles(self, tiles: tuple[Tile, ...]) -> str:
        rows = [tiles[start : start + _TILES_A_ROW] for start in range(0, len(tiles), _TILES_A_ROW)]
        look = f"width:{100 // _TILES_A_ROW}%;padding:4px;vertical-align:top"
        cells = ("".join(f'<td class="beside" style="{look}">{self._tile(tile)}</td>' for tile in row) for row in rows)
        return f'<table role="presentation" style="{_GRID};margin:0 -4px">{_rows(cells)}</table>'

    def _tile(self, tile: Tile) -> str:
        edge = FAINT if tile.met is None else GOOD if tile.met else BAD
        trail = self.trails.get(id(tile))
        lines = [
            (f"font-size:12px;color:{QUIET}", tile.title),
            ("font-size:21px;font-weight:bold", tile.value),
            (f"font-size:12px;font-weight:bold;color:{_TONES[tile.tone]}", tile.change),
            (f"font-size:11px;color:{QUIET}", tile.target),
        ]
        text = "".join(f'<div style="{look}">{escape(line)}</div>' for look, line in lines if line)
        return (
            f'<div style="background:{PAPER};border-left:4px solid {edge};padding:8px 10px;min-height:104px">{text}'
            f"{_picture(trail, '', 140) if trail else ''}</div>"
        )


def _picture(address: str, described: str, width: int) -> str:
    look = "max-width:100%;height:auto;border:0"
    return f'<img src="{escape(address)}" alt="{escape(described)}" width="{width}" style="{look}">'


def _bullets(block: Bullets) -> str:
    tag = "ol" if block.numbered else "ul"
    items = "".join(
        f'<li style="margin:0 0 7px;font-size:14px">{escape(text)}'
        + (f' <span style="color:{QUIET};font-size:11px">{escape(note)}</span>' if note else "")
        + "</li>"
        for text, note in block.items
    )
    return f'<{tag} style="margin:0 0 8px;padding-left:20px">{items}</{tag}>'


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
    rows = f"<thead><tr>{header}</tr></thead><tbody>{_rows(shown)}</tbody>"
    return f'<div style="overflow-x:auto"><table style="{_GRID}">{rows}</table></div>{under}'


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
