"""A PDF has every row once, its header on every page, page numbers, and any of the alphabets of its font."""

import base64
import contextlib
import io
import re
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import pytest

from shared.exports import (
    Bullets,
    Column,
    Document,
    Heading,
    InvalidTable,
    Kind,
    Paragraph,
    Table,
    Tile,
    Tiles,
    write_pdf,
)
from shared.exports.document import Block
from shared.exports.pdf.styles import SUBTITLE, TEXT, TITLE, TOP
from tests.shared.exports.samples import START, chart, table

if TYPE_CHECKING:
    from numpy.typing import NDArray


def written(*blocks: Block) -> bytes:
    held = io.BytesIO()
    write_pdf(Document("Weekly report", "a week", blocks, origin="Kompo, made in a test"), held)
    return held.getvalue()


def pages(*blocks: Block) -> list[str]:
    with pypdfium2.PdfDocument(written(*blocks)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def ink(text: str) -> "NDArray[np.bool_]":
    """Where a paragraph has ink: rows and columns of what is not blank, at 216 dots an inch."""
    with pypdfium2.PdfDocument(written(Paragraph(text))) as document:
        page = document[0]
        grey = np.asarray(page.render(scale=3, grayscale=True).to_numpy()).squeeze()
    top = round(3 * (TOP + TITLE.leading + SUBTITLE.leading + SUBTITLE.after))
    found: NDArray[np.bool_] = grey[top : top + round(3 * TEXT.leading) + 6] < 128
    return found[:, np.flatnonzero(found.any(axis=0)).min() : np.flatnonzero(found.any(axis=0)).max() + 1]


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


@pytest.mark.parametrize(
    "text",
    [
        "The success of مونتاج سريع fell to 3 %.",
        "of שלום עולם it",
        "剪辑视频，然后加字幕。",
        "動画を切り取る",
        "영상 자르기",
        "वीडियो काटें",
        "ভিডিও কাটুন",
        "வீடியோ வெட்டு",
        "Ꮳ cannot be drawn",
    ],
)
def test_every_script_is_found_and_copied_as_it_was_written(text: str) -> None:
    assert text in pages(Paragraph(text))[0]
    assert text in pages(Table("t", (Column("a", "Name"), Column("b", "B")), [[text, "beside"]]))[0].replace(
        "\r\n", " "
    )


@pytest.mark.parametrize("text", ["שלום עולם (v2)", "مونتاج سريع 12"])
def test_lines_from_the_right_carry_what_they_say_in_the_order_in_which_it_is_read(text: str) -> None:
    """As ISO 32000 has it; PDFium, whose text the other tests look at, puts the words of such lines in order once more."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", written(Paragraph(text)), re.DOTALL)
    said = [each for stream in streams for each in re.findall(rb"/ActualText <([0-9A-F]*)>", plain(stream))]
    assert [bytes.fromhex(each.decode()).decode("utf-16") for each in said] == [text]


def plain(stream: bytes) -> bytes:
    """A stream as reportlab packs them, unpacked."""
    with contextlib.suppress(ValueError, zlib.error):
        return zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
    return b""


def test_arabic_letters_join_and_chinese_ones_are_drawn() -> None:
    assert ink("سسسس").any(axis=0).all()
    assert not ink("اااا").any(axis=0).all()
    assert ink("中").shape != ink("国").shape or (ink("中") != ink("国")).any()


def test_hebrew_is_seen_from_the_right() -> None:
    first, whole = ink("ש"), ink("שיי")
    assert (whole[:, -first.shape[1] :] == first).mean() > 0.98


def test_chinese_wraps_between_its_letters() -> None:
    text = "剪辑视频然后加字幕再导出" * 12
    lines = pages(Paragraph(text))[0].split("a week", 1)[1].split("Kompo")[0].split()
    assert len(lines) > 1 and "".join(lines) == text


def test_a_word_wider_than_its_column_is_cut_and_not_drawn_over_the_next() -> None:
    long = "x" * 300
    text = pages(Table("t", (Column("a", "A"), Column("b", "B")), [[long, "beside"]]))[0]
    assert text.count("x") == 300
    assert "beside" in text


def test_a_table_wider_than_the_page_goes_on_below_under_its_first_columns_and_breaks_no_number() -> None:
    values = [Column(f"v{number}", f"Processing {number}", Kind.SECONDS) for number in range(20)]
    rows = [[f"operation_{row}", *(row + number / 100 for number in range(20))] for row in range(1, 4)]
    text = pages(Table("t", (Column("name", "Operation"), *values), rows))[0]
    assert [text.count(f"operation_{row}") for row in range(1, 4)] == [3, 3, 3]
    assert [text.split().count(word) for word in ("Operation", "Processing")] == [3, 20]
    assert all(f"{row + number / 100:.2f} s" in text for row in range(1, 4) for number in range(1, 20))


def test_text_wraps_at_spaces_before_a_number_does() -> None:
    long = "a caption that goes on " * 20
    columns = (
        Column("a", "Caption"),
        Column("b", "Also"),
        Column("at", "Time", Kind.TIME),
        Column("n", "N", Kind.COUNT),
    )
    text = pages(Table("t", columns, [[long, long, START, 123_456_789]]))[0]
    assert "2026-11-02 22:30" in text and "123,456,789" in text and text.split().count("caption") > 10


@pytest.mark.parametrize("share", [3, 0, -0.5])
def test_a_share_of_the_width_that_there_is_not_is_refused(share: float) -> None:
    with pytest.raises(InvalidTable, match="share"):
        Column("kpi", "KPI", share=share)


def test_tiles_show_their_figures() -> None:
    text = pages(
        Tiles((Tile("Success rate", "97.3 %", "▼ 1.2 points", target="target 99.5 %", met=False, trail=[1, None, 2]),))
    )[0]
    assert "97.3 %" in text
    assert "1.2 points" in text


def test_an_empty_table_and_an_empty_document_are_pages() -> None:
    assert "Operation" in pages(table(0))[0]
    assert len(pages()) == 1
