"""Scripts and emoji: every one is drawn in a font that Kompo brings, as wide as it was measured, and broken where it may be."""

from fractions import Fraction

import numpy as np
import pytest

from shared.kompositions import parse_komposition, plan_timeline
from shared.kompositions.drawing.cues import cues_of
from shared.typography import DEFAULT, Typeface, find_family, han_of, paragraphs
from tests.shared.kompositions.documents import Document
from tests.shared.kompositions.drawing.conftest import Draw, Frames, box, film, text
from tests.shared.kompositions.drawing.test_captions import captions, cue

SIZE = 0.15
LINE = SIZE * 180

SCRIPTS = {
    "Arabic": "مرحبا بكم",
    "Hebrew": "שלום עולם",
    "Devanagari": "नमस्ते",
    "Bengali": "বাংলা ভাষা",
    "Tamil": "தமிழ் மொழி",
    "Thai": "สวัสดี",
    "Armenian": "բարեւ",
    "Ethiopic": "ሰላም",
    "Chinese": "你好世界",
    "Japanese": "こんにちは世界",
    "Korean": "안녕하세요",
    "emoji": "🔥😂🚀",
    "a skin tone": "👍🏽👏🏿",
    "a flag": "🇩🇪🇯🇵",
    "a heart": "❤️⭐✅",
}


def shown(draw: Draw, words: str, *, bold: bool = True) -> Frames:
    overlay = text(words, size=SIZE, bold=bold, width=1.0)
    return draw(film(overlay, seconds=0.05))[0]


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_is_in_our_fonts_and_as_wide_as_it_was_measured(draw: Draw, name: str) -> None:
    words = SCRIPTS[name]
    typeface = Typeface(DEFAULT.face(bold=True), han_of(words), bold=True)
    assert all(face is not None for face, _ in typeface.runs(words))
    measured = typeface.width(words) * LINE
    # `H` on both sides, for the edges of what is drawn to be those of a letter whose bearings are known.
    alone, around = shown(draw, "HH"), shown(draw, f"H{words}H")
    assert box(around).size[0] - box(alone).size[0] == pytest.approx(measured, abs=0.1 * LINE)


def test_characters_are_signs_of_their_own_and_not_all_the_same_empty_box(draw: Draw) -> None:
    signs = ["漢", "字", "か", "한", "국", "🔥", "🚀", "ሰ", "ላ"]
    pictures = [shown(draw, sign).tobytes() for sign in signs]
    assert len(set(pictures)) == len(signs)


def test_ideographs_have_the_shapes_of_the_language_of_the_transcript(draw: Draw) -> None:
    pictures = set()
    for language in ("zh", "zh-TW", "ja", "ko"):
        track = captions(cue(0, 1, text="骨"), size=0.5)
        track["transcript"]["language"] = language
        pictures.add(draw(film(captions=(track,), seconds=0.05))[0].tobytes())
    assert len(pictures) >= 3


def test_two_languages_in_one_film_have_each_their_own_shapes(draw: Draw) -> None:
    def said(language: str, position: str) -> Document:
        track = captions(cue(0, 1, text="骨"), size=0.4, position=position)
        track["transcript"]["language"] = language
        return track

    both = draw(film(captions=(said("ja", "top"), said("zh", "bottom") | {"id": "zh"}), seconds=0.05))[0]
    for track in (said("ja", "top"), said("zh", "bottom")):
        alone = draw(film(captions=(track,), seconds=0.05))[0]
        half = slice(0, 90) if track["position"] == "top" else slice(90, 180)
        assert np.array_equal(both[half], alone[half])


def test_bold_ideographs_are_bolder(draw: Draw) -> None:
    bold, regular = (shown(draw, "漢字", bold=wanted).astype(int).sum() for wanted in (True, False))
    assert bold > 1.2 * regular


def test_films_that_say_other_things_do_not_share_cut_fonts(draw: Draw) -> None:
    alone = shown(draw, "世界")
    shown(draw, "你好")
    assert np.array_equal(shown(draw, "世界"), alone), "in the same folder"


@pytest.mark.parametrize(
    ("words", "language", "han"),
    [
        ("你好", None, "zh"),
        ("日本の字幕", None, "ja"),
        ("한국 漢字", None, "ko"),
        ("漢字", "ja-JP", "ja"),
        ("漢字", "zh_TW", "zh-Hant"),
        ("漢字", "zh-Hans-CN", "zh"),
        ("日本の", "ko", "ko"),
    ],
)
def test_whose_ideographs_they_are(words: str, language: str | None, han: str) -> None:
    assert han_of(words, language) == han


def lines(words: str, language: str, width: int = 180) -> list[str]:
    """The lines of these words in captions, all cues one after the other."""
    track = captions(cue(0, 60, text=words), size=0.06, maxWords=40, maxLines=2)
    track["transcript"]["language"] = language
    komposition = parse_komposition(film(captions=(track,), seconds=60, output={"width": width, "height": 320}))
    cues = cues_of(komposition.tracks.caption[0], 0, komposition, plan_timeline(komposition), None)
    assert all(one.start < one.end for one in cues)
    assert cues[0].start == Fraction(0)
    return ["".join(word.text for word in line) for one in cues for line in one.lines]


@pytest.mark.parametrize(
    ("language", "said", "never_first", "never_last"),
    [
        ("zh", "字幕应该在正确的地方换行，而不是在标点之前。“引号”（括号）也一样，对不对？", "，。”）？", "“（"),
        (
            "ja",
            "「ちょっと待って」と言っていたので、コーヒーを飲みながら、ずっと待っていました。",
            "、。」ょっー",
            "「",
        ),
    ],
)
def test_no_line_begins_or_ends_with_what_may_not(language: str, said: str, never_first: str, never_last: str) -> None:
    for width in range(100, 320, 20):
        told = lines(said, language, width)
        assert "".join(told) == said, "nothing is lost"
        assert len(told) > 1
        assert all(line[0] not in never_first for line in told), told
        assert all(line[-1] not in never_last for line in told), told


def test_korean_breaks_between_words_only() -> None:
    said = "한국어 자막도 낱말 사이에서만 줄이 바뀌어야 합니다"
    told = lines(said, "ko", 140)
    assert "".join(told) == said.replace(" ", "")
    words = said.split()
    edges = {len("".join(words[:n])) for n in range(len(words) + 1)}
    at = 0
    for line in told:
        at += len(line)
        assert at in edges


def test_emoji_keep_their_skin_tones_and_what_joins_them_is_not_drawn() -> None:
    assert paragraphs("👩‍💻 1️⃣") == ["👩💻 1️"]
    pieces = Typeface(find_family(None).face(), "zh").wrap("👍🏽👍🏽👍🏽", 1.5)
    assert pieces == ["👍🏽"] * 3
