"""Every text is shown as it is: nothing in it is taken for markup, an option or a path, and every script has letters."""

import time
from pathlib import Path

import numpy as np
import pytest

from shared.typography import Typeface, find_family
from tests.shared.kompositions.drawing.conftest import Draw, box, film, text

FIRA = Typeface(find_family(None).face())
LINE = 0.08 * 180

LITERAL = [
    r"{\an7\pos(0,0)}moved",
    r"{\c&H0000FF&}red{\r}",
    r"{\fs200}big",
    r"\N\n\h\\ backslashes",
    r"ends with a backslash\\",
    r"{\p1}m 0 0 l 99 0 99 99",
    r"\{escaped\} {",
    r"}{ \{\\{",
    "%{pts} %{eif:n:d} ${HOME}",
    "text='/etc/passwd':x=0,drawbox",
    '[in]; [out] -i x.mp4 \'quote" "',
    "Dialogue: 0,0:00:00.00,9:00:00.00,x,,0,0,0,,no",
    "a,b,,c: d;e=f",
    "<b>bold</b> &amp; &lt;",
    "  two spaces   ",
]


@pytest.mark.parametrize("words", LITERAL)
def test_what_looks_like_markup_is_shown(draw: Draw, words: str) -> None:
    frame = draw(film(text(words, size=0.08, width=1.0), seconds=0.1))[0]
    seen = box(frame)
    assert seen.size[0] == pytest.approx(FIRA.width(words.strip()) * LINE, abs=4), "all of it, and nothing else"
    assert seen.size[1] <= LINE + 2, "on one line"
    assert seen.middle[1] == pytest.approx(90, abs=4), "where it belongs"
    assert np.ptp(frame.astype(int), axis=2).max() <= 6, "in its own colour"


def test_line_breaks_of_every_kind_begin_lines_and_control_characters_are_dropped(draw: Draw) -> None:
    item = {"size": 0.08, "background": "#ffffff"}
    plain = draw(film(text("one\ntwo\nsix\nten", **item), seconds=0.1))[0]
    other = draw(film(text("o\x00ne\r\nt\x1bwo\rsix\u2028ten\x07", **item), seconds=0.1))[0]
    assert np.array_equal(plain, other)


def test_the_folder_may_have_any_name(draw: Draw, tmp_path: Path) -> None:
    folder = tmp_path / r"it's [a], x;y:z=1 %{n} \N {\b1} ünï"
    item = text("HHHH", size=0.5, x=0.5, y=0.5)
    assert np.array_equal(draw(film(item, seconds=0.1), folder=folder), draw(film(item, seconds=0.1)))


def test_right_to_left_text_begins_at_the_right(draw: Draw) -> None:
    place = {"size": 0.25, "x": 0.1, "anchor": "left", "align": "left"}
    latin = draw(film(text("HHHH", **place), seconds=0.1))[0]
    mixed = draw(film(text("שלום HHHH", **place), seconds=0.1))[0]
    seen = box(latin)
    assert box(mixed[:, : seen.right + 5]) == seen, "the last word is the leftmost"
    assert box(mixed).right > seen.right + 20


@pytest.mark.parametrize("words", ["العربية", "हिन्दी", "ภาษาไทย", "ქართული", "Ελληνικά", "Кириллица", "Tiếng Việt"])
def test_scripts_are_shaped_and_as_wide_as_measured(draw: Draw, words: str) -> None:
    seen = box(draw(film(text(words, size=0.3), seconds=0.1))[0])
    assert seen.size[0] == pytest.approx(FIRA.width(words) * 0.3 * 180, abs=6)


def test_symbols_come_from_other_fonts_without_moving_the_rest(draw: Draw) -> None:
    assert {face.family for face, _ in FIRA.runs("a★☎∮𝄞") if face} > {"FiraGO", "Noto Sans Symbols2"}
    one, three = (box(draw(film(text(f"H{stars}H", size=0.2, width=1.0), seconds=0.1))[0]) for stars in ("★", "★★★"))
    assert three.size[0] - one.size[0] == pytest.approx(FIRA.width("★★") * 0.2 * 180, abs=2)
    assert (one.top, one.bottom) == (three.top, three.bottom)


def test_five_thousand_characters_are_drawn_in_a_moment(draw: Draw) -> None:
    began = time.monotonic()
    words = ("Lörem {ipsum} 漢字 dolor\\N " * 300)[:5000]
    frame = draw(film(text(words, size=0.04, width=1.0), seconds=0.1))[0]
    assert box(frame).size[1] == 180, "from top to bottom, and over"
    assert time.monotonic() - began < 20


@pytest.fixture
def no_fonts(tmp_path: Path) -> dict[str, str]:
    """A machine without any font."""
    settings = tmp_path / "fonts.conf"
    settings.write_text('<?xml version="1.0"?><fontconfig><dir>/nonexistent</dir></fontconfig>')
    return {"FONTCONFIG_FILE": str(settings)}


@pytest.mark.parametrize(
    "more", [{}, {"bold": True, "italic": True}, {"font": "Nowhere Sans, {\\b1}"}, {"font": "ubuntu"}]
)
def test_a_machine_without_fonts_draws_the_same(draw: Draw, no_fonts: dict[str, str], more: dict[str, object]) -> None:
    body = film(text("Hamburg ★ שלום", size=0.2, **more), seconds=0.1)
    there, here = draw(body, environment=no_fonts), draw(body)
    assert np.array_equal(there, here)
    assert box(there[0]).size[0] > 100


def test_what_no_font_has_is_a_box_and_disturbs_nothing(draw: Draw, no_fonts: dict[str, str]) -> None:
    frame = draw(film(text("H漢字😀H", size=0.2), seconds=0.1), environment=no_fonts)[0]
    assert box(frame).size[0] > 60


def test_an_unknown_family_is_drawn_in_the_usual_one(draw: Draw) -> None:
    usual, unknown, other = (
        draw(film(text("Hamburg", size=0.2, **more), seconds=0.1))[0]
        for more in ({}, {"font": "Comic Sans MS"}, {"font": "Space Mono"})
    )
    assert np.array_equal(usual, unknown)
    assert not np.array_equal(usual, other)
