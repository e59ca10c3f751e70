"""A PDF has every row once, its header on every page, page numbers, and any of the alphabets of its font."""

import io

import pypdfium2

from shared.exports import Bullets, Column, Document, Heading, Paragraph, Table, Tile, Tiles, write_pdf
from shared.exports.document import Block
from tests.shared.exports.samples import chart, table


def pages(*blocks: Block) -> list[str]:
    held = io.BytesIO()
    write_pdf(Document("Weekly report", "a week", blocks, origin="Kompo, made in a test"), held)
    with pypdfium2.PdfDocument(held.getvalue()) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_a_long_table_goes_on_over_pages_under_its_header() -> None:
    texts = pages(Heading("Operations"), table(120))
    assert len(texts) > 2
    assert all("Success rate" in text or "Success\r\nrate" in text for text in texts)
    words = " ".join(texts).split()
    assert [word for word in words if word.startswith("operation-")] == [f"operation-{number}" for number in range(120)]


def test_pages_are_numbered_and_say_where_they_come_from() -> None:
    texts = pages(table(120))
    for number, text in enumerate(texts, start=1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Kompo, made in a test" in text


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page() -> None:
    texts = pages(*[Paragraph(f"line {number}") for number in range(39)], Heading("Alone"), chart(0.9, 0.8), table(2))
    page = next(text for text in texts if "Alone" in text)
    assert page.strip().splitlines()[0] == "Alone"


def test_text_of_many_alphabets_and_markup_stands_as_it_is() -> None:
    text = "Ünïcode Жук ασδ ไทย <b>not bold</b> & more"
    assert text in pages(Paragraph(text), Bullets((("a", "b"),)))[0]


def test_a_word_wider_than_its_column_is_cut_and_not_drawn_over_the_next() -> None:
    long = "x" * 300
    text = pages(Table("t", (Column("a", "A"), Column("b", "B")), [[long, "beside"]]))[0]
    assert text.count("x") == 300
    assert "beside" in text


def test_tiles_show_their_figures() -> None:
    text = pages(
        Tiles((Tile("Success rate", "97.3 %", "▼ 1.2 points", target="target 99.5 %", met=False, trail=[1, None, 2]),))
    )[0]
    assert "97.3 %" in text
    assert "1.2 points" in text


def test_an_empty_table_and_an_empty_document_are_pages() -> None:
    assert "Operation" in pages(table(0))[0]
    assert len(pages()) == 1
