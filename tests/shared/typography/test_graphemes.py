"""Graphemes: what readers take for one character is never broken."""

import pytest

from shared.typography import DEFAULT, Typeface, graphemes
from shared.typography.thai import thai_words


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cafe\u0301s", ["c", "a", "f", "e\u0301", "s"]),
        ("น้ำกำ", ["น้ำ", "กำ"]),
        ("เก่าและแก่", ["เก่า", "และ", "แก่"]),
        ("ເກົ່າແລະ", ["ເກົ່າ", "ແລະ"]),
        ("ខ្មែរ", ["ខ្មែ", "រ"]),
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


THAI = "การแบ่งบรรทัดของภาษาไทยต้องไม่ตัดกลางคำเพราะอ่านยากมาก"


def test_thai_breaks_between_words_and_every_letter_is_there() -> None:
    lines = Typeface(DEFAULT.face()).wrap(THAI, 6.0)
    assert len(lines) > 2
    assert "".join(lines) == THAI
    ends, at = set(), 0
    for word in thai_words(THAI):
        at += len(word)
        ends.add(at)
    at = 0
    for line in lines:
        at += len(line)
        assert at in ends
    assert "ภาษา" in "".join(f"|{word}" for word in thai_words(THAI))


@pytest.mark.parametrize("text", ["ພາສາລາວເປັນພາສາທີ່ບໍ່ມີຊ່ອງຫວ່າງ", "ភាសាខ្មែរមិនមានចន្លោះរវាងពាក្យ", "မြန်မာဘာသာစကား", THAI])
def test_no_line_begins_with_what_belongs_to_the_letter_before(text: str) -> None:
    for width in (1.0, 2.0, 3.0):
        lines = Typeface(DEFAULT.face()).wrap(text, width)
        assert "".join(lines) == text
        assert [part for line in lines for part in graphemes(line)] == list(graphemes(text))
