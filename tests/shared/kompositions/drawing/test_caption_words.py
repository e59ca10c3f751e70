"""Words of captions by who says them and when, measured in pixels: colours of speakers, and the box under the word being said."""

from itertools import pairwise

import numpy as np
import pytest

from shared.kompositions.drawing.ordering import seen_order
from tests.shared.kompositions.drawing.conftest import Box, Draw, Frames, film, found
from tests.shared.kompositions.drawing.test_captions import LINE, captions, cue

TEXTS = {
    "English": ("en", "one is here now"),
    "Hebrew": ("he", "אחד הוא כאן עכשיו"),
    "Arabic with a name and a number": ("ar", "برنامج Kompo 2026 جديد"),
    "English with a word of Hebrew": ("en", "we said שלום 15 times"),
    "Japanese": ("ja", "こ れ は 字幕"),
}


def spoken(text: str) -> list[tuple[str, float, float]]:
    """The words of a text, a fifth of a second each."""
    return [(word, n / 5, (n + 1) / 5) for n, word in enumerate(text.split())]


def of_color(frame: Frames, red: bool, green: bool, blue: bool) -> Box | None:
    """Where a frame has one of the eight colours of full or no red, green and blue."""
    wanted = np.array([red, green, blue]) * 255
    return found(np.abs(frame.astype(int) - wanted).max(axis=2) < 80)


def drawn(draw: Draw, language: str, text: str, **more: object) -> Frames:
    said = captions(cue(0, 1, *spoken(text)), **more)
    said["transcript"]["language"] = language
    return draw(film(captions=(said,), seconds=1))


@pytest.mark.parametrize("name", TEXTS)
def test_the_box_is_under_the_word_being_said_whichever_way_it_is_written(draw: Draw, name: str) -> None:
    language, text = TEXTS[name]
    lit = drawn(draw, language, text, style="highlight", outlineColor="#000000")
    boxed = drawn(draw, language, text, style="boxed", outlineColor="#000000")
    for number in range(len(text.split())):
        word = of_color(lit[6 * number + 3], False, True, False)
        box = of_color(boxed[6 * number + 3], False, True, False)
        assert word is not None
        assert box is not None
        assert box.left <= word.left
        assert box.right >= word.right
        assert word.left - box.left < 0.4 * LINE, "it is no wider than its word needs"
        assert box.right - word.right < 0.4 * LINE


def test_words_light_up_from_right_to_left_in_hebrew_and_from_left_to_right_in_english(draw: Draw) -> None:
    for name, falls in (("English", False), ("Hebrew", True)):
        shown = drawn(draw, *TEXTS[name], style="highlight")
        places = [of_color(shown[6 * number + 3], False, True, False) for number in range(4)]
        lefts = [place.left for place in places if place is not None]
        assert lefts == sorted(lefts, reverse=falls)
        assert len(set(lefts)) == 4


def test_karaoke_fills_hebrew_from_the_right(draw: Draw) -> None:
    shown = drawn(draw, *TEXTS["Hebrew"], style="karaoke")
    filled = [of_color(shown[6 * number + 5], False, True, False) for number in range(4)]
    assert all(place is not None for place in filled)
    assert len({place.right for place in filled if place}) == 1, "it begins at the right and stays filled there"
    assert all(after.left < before.left for before, after in pairwise(place for place in filled if place))


def test_a_line_of_an_arabic_caption_that_begins_with_a_name_still_runs_from_the_right(draw: Draw) -> None:
    first = {}
    for language in ("ar", "en"):
        shown = drawn(draw, language, "Kompo برنامج جديد", style="highlight")
        place = of_color(shown[3], False, True, False)
        assert place is not None
        first[language] = place.middle[0]
    assert first["ar"] > 160 > first["en"]


def test_the_word_on_the_box_is_read_without_outline_in_the_colour_that_contrasts_more(draw: Draw) -> None:
    white_box = drawn(
        draw, "en", "HHHH", style="boxed", highlightColor="#ffffff", color="#ff0000", outlineColor="#0000ff"
    )
    frame = white_box[3]
    assert of_color(frame, False, False, True) is not None, "blue is read better on white than red"
    assert of_color(frame, True, False, False) is None


def test_what_each_speaker_says_has_their_colour_in_every_style(draw: Draw) -> None:
    words = cue(0, 1, ("HH", 0, 0.4), ("HH", 0.4, 0.8))
    words["words"][0]["speaker"], words["words"][1]["speaker"] = "Ann", "Bob"
    colors = {"Ann": "#ff0000", "Bob": "#ffff00"}
    for style in ("plain", "karaoke", "highlight", "boxed", "pop", "bounce", "fade", "slide"):
        frame = draw(film(captions=(captions(words, style=style, speakerColors=colors),), seconds=1))[27]
        ann, bob = of_color(frame, True, False, False), of_color(frame, True, True, False)
        if style == "karaoke":
            assert ann is None, "all of it is filled"
            continue
        assert ann is not None, style
        assert bob is not None, style
        assert ann.right < bob.left
        assert of_color(frame, False, False, True) is None, "nobody else speaks"


def test_a_cue_without_words_of_its_own_has_the_colour_of_its_speaker(draw: Draw) -> None:
    said = cue(0, 1, text="HH") | {"speaker": "Ann"}
    frame = draw(film(captions=(captions(said, speakerColors={"Ann": "#ff0000"}),), seconds=0.1))[0]
    assert of_color(frame, True, False, False) is not None
    assert of_color(frame, False, False, True) is None


@pytest.mark.parametrize(
    ("words", "right", "order"),
    [
        ("one two three", False, [0, 1, 2]),
        ("אחת שתיים שלוש", True, [2, 1, 0]),
        ("אחת 12 34 שלוש", True, [3, 2, 1, 0]),
        ("אחת one two שלוש", True, [3, 1, 2, 0]),
        ("see אחת 12 now", False, [0, 2, 1, 3]),
        ("see אחת — שתיים now", False, [0, 3, 2, 1, 4]),
        ("see 12 אחת", False, [0, 1, 2]),
        ("see אחת 12 34 שלוש now", False, [0, 4, 3, 2, 1, 5]),
        ("— אחת —", True, [2, 1, 0]),
    ],
)
def test_words_are_seen_in_the_order_of_the_bidirectional_algorithm(words: str, right: bool, order: list[int]) -> None:
    assert seen_order(words.split(), right=right) == order
