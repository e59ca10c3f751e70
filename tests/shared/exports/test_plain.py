"""Plain text has every figure and sentence that the page of HTML has."""

import re
from html import unescape

from shared.exports import (
    Beside,
    Bullets,
    Column,
    Document,
    Heading,
    Kind,
    Paragraph,
    Table,
    Tile,
    Tiles,
    write_html,
    write_plain,
)
from tests.shared.exports.samples import chart, table

DOCUMENT = Document(
    "Weekly report",
    "16 to 22 November 2026",
    (
        Tiles(
            (
                Tile("Success rate", "97.3 %", "▼ 1.2 points", target="target 99.5 %", trail=[1, 2]),
                Tile("Cost", "$4.20"),
            )
        ),
        Heading("What changed"),
        Bullets((("Success rate fell.", "[success_rate]"), ("Cost rose.", "")), numbered=True),
        chart(0.9, 0.8, title="Success rate"),
        Beside(chart(1, title="left"), chart(2, title="right")),
        table(12),
        Paragraph("Labels of few people are not shown.", quiet=True),
    ),
    origin="Kompo, made in a test",
)


def words(page: str) -> set[str]:
    """The words of a page, and those in place of its pictures."""
    shown = " ".join([re.sub("<style>.*?</style>|<[^>]*>", " ", page), *re.findall(r'alt="([^"]*)"', page)])
    return set(re.findall(r"[\w.%$-]*\w|%", unescape(shown)))


def test_all_that_the_page_says_is_in_the_text() -> None:
    text = write_plain(DOCUMENT)
    assert words(write_html(DOCUMENT, str)) - words(text) == set()


def test_figures_stand_below_each_other_under_their_headings() -> None:
    lines = write_plain(Document("t", "", (table(12),))).splitlines()
    ends = {line.index("Runs") + 4 for line in lines if "Runs" in line}
    ends |= {re.search(r"\d\d:\d\d +\d+", line).end() for line in lines if "operation-" in line}  # type: ignore[union-attr]
    assert len(ends) == 1


def test_a_long_table_is_cut_and_says_so() -> None:
    long = Table("t", (Column("n", "N", Kind.COUNT),), [[number] for number in range(1500)], note="by day")
    text = write_plain(Document("t", "", (long,)), most_rows=10)
    assert "1,490 more rows are in the attached files.\nby day" in text
