"""Graphemes: what readers take for one character is never broken."""

import pytest

from shared.typography import DEFAULT, Typeface, graphemes


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cafe\u0301s", ["c", "a", "f", "e\u0301", "s"]),
        ("น้ำกำ", ["น้ำ", "กำ"]),
        ("क्षत्रि", ["क्ष", "त्रि"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("👩\u200d💻x", ["👩\u200d💻", "x"]),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", ["\u1112\u1161\u11ab", "\u1100\u1173\u11af"]),
        ("", []),
    ],
)
def test_marks_vowels_flags_and_skins_stay_with_what_they_belong_to(text: str, parts: list[str]) -> None:
    assert list(graphemes(text)) == parts


def test_a_word_that_is_wider_than_a_line_breaks_between_them() -> None:
    lines = Typeface(DEFAULT.face()).wrap("क्षत्रियविश्वविद्यालय" * 3, 2.0)
    assert len(lines) > 3
    assert [part for line in lines for part in graphemes(line)] == list(graphemes("क्षत्रियविश्वविद्यालय" * 3))
