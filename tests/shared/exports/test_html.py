"""HTML shows the document as it is, whatever stands in it, with pictures by address."""

from shared.exports import (
    Beside,
    Bullets,
    Column,
    Document,
    Kind,
    Paragraph,
    Table,
    Tile,
    Tiles,
    html_pictures,
    write_html,
)
from tests.shared.exports.samples import chart


def test_what_looks_like_markup_is_shown_and_not_run() -> None:
    evil = "<script>alert(1)</script>"
    table = Table(evil, (Column("x", evil),), [[evil]], note=evil)
    page = write_html(Document(evil, evil, (Paragraph(evil), Bullets(((evil, evil),)), table)), str)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 9


def test_pictures_stand_where_their_chart_does_with_words_for_who_cannot_see_them() -> None:
    blocks = (chart(1, 2, title="a"), Beside(chart(1, title="b"), chart(1, title="c & d")))
    page = write_html(Document("t", "", blocks), lambda name: f"cid:{name}")
    assert [page.index(f'src="cid:chart-{number}"') for number in range(1, 4)] == sorted(
        page.index(f'src="cid:chart-{number}"') for number in range(1, 4)
    )
    assert 'alt="c &amp; d"' in page


def test_a_long_table_is_cut_and_says_so() -> None:
    table = Table("t", (Column("n", "N", Kind.COUNT),), [[number] for number in range(1500)])
    page = write_html(Document("t", "", (table,)), str, most_rows=10)
    assert page.count("<td") == 10
    assert "1,490 more rows" in page


def test_every_picture_of_the_page_is_drawn() -> None:
    tiles = Tiles((Tile("a", "1", trail=[1, 2]), Tile("b", "2"), Tile("c", "3", trail=[3, None, 4])))
    document = Document("t", "", (tiles, chart(1, 2), Beside(chart(1), chart(2))))
    asked: list[str] = []
    write_html(document, lambda name: asked.append(name) or name)
    assert sorted(asked) == sorted(html_pictures(document)) == ["chart-1", "chart-2", "chart-3", "trail-1", "trail-2"]
