"""Burnt captions, measured in pixels and frames."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from shared.kompositions import UnusableMedia
from tests.shared.kompositions.documents import Document
from tests.shared.kompositions.drawing.conftest import Draw, Frames, box, film, image, is_plain

SIZE = 0.1
LINE = SIZE * 180


def cue(start: float, end: float, *words: tuple[str, float, float], text: str = "") -> Document:
    """A cue as JSON, with words and their times."""
    told = [{"word": word, "start": begin, "end": stop} for word, begin, stop in words]
    return {"start": start, "end": end, "text": text or " ".join(word[0] for word in words), "words": told}


def captions(*cues: Document, **more: Any) -> Document:
    """A caption track as JSON: blue words, and green for the one being said."""
    looks = {"color": "#0000ff", "highlightColor": "#00ff00", "size": SIZE}
    return {"transcript": {"segments": list(cues)}, **looks, **more}


def seen(frames: Frames) -> list[int]:
    """The numbers of the frames that show something."""
    return [number for number, frame in enumerate(frames) if not is_plain(frame)]


def lit(frame: Frames) -> tuple[int, int] | None:
    """From which column to which a frame is green."""
    columns = np.flatnonzero(((frame[:, :, 1] > 150) & (frame[:, :, 2] < 100)).any(axis=0))
    return (int(columns[0]), int(columns[-1])) if columns.size else None


HELLO = cue(0.2, 0.9, ("HHH", 0.2, 0.4), ("HHH", 0.5, 0.7), ("HHH", 0.7, 0.9))


def test_a_cue_is_seen_from_the_frame_of_its_start_to_that_of_its_end(draw: Draw) -> None:
    assert seen(draw(film(captions=(captions(HELLO),)))) == list(range(6, 27))


def test_the_word_being_said_is_lit_from_its_exact_frame(draw: Draw) -> None:
    shown = draw(film(captions=(captions(HELLO, style="highlight"),)))
    whole = box(shown[6])
    third = whole.size[0] / 3
    for number in range(6, 27):
        said = 0 if number < 12 else None if number < 15 else 1 if number < 21 else 2
        where = lit(shown[number])
        if said is None:
            assert where is None, number
        else:
            assert where is not None, number
            assert (where[0] + where[1]) / 2 == pytest.approx(whole.left + third * (said + 0.5), abs=6), number
    alike = [shown[first:last] for first, last in pairwise((6, 12, 15, 21, 27))]
    assert all(box(frame) == box(frames[0]) for frames in alike for frame in frames), (
        "nothing moves while a word is lit"
    )
    edges = [vars(box(frames[0])).values() for frames in alike]
    moved = max(abs(now - was) for edge in edges for now, was in zip(edge, vars(whole).values(), strict=True))
    assert moved <= 1, "nor from word to word; a smooth edge is as bright as its colour"


def test_karaoke_fills_each_word_while_it_is_said(draw: Draw) -> None:
    shown = draw(film(captions=(captions(HELLO, style="karaoke"),)))
    ends = []
    for number in range(6, 27):
        where = lit(shown[number])
        ends.append(where[1] if where else box(shown[6]).left)
    assert ends == sorted(ends), "it never goes back"
    assert len(set(ends[5:9])) == 1, "it waits between words"
    assert ends[9] > ends[8], "the second word begins in frame 15"
    assert ends[2] == pytest.approx(ends[0] + (ends[5] - ends[0]) / 2.2, abs=5)
    assert ends[-1] >= box(shown[6]).right - 4, "all of it is filled at last"


def test_words_without_times_share_the_time_of_their_cue(draw: Draw) -> None:
    shown = draw(film(captions=(captions(cue(0, 0.9, text="HHH HHH HHH"), style="highlight"),)))
    starts = [number for number in range(1, 27) if lit(shown[number]) != lit(shown[number - 1])]
    assert starts == [9, 18]


def test_no_more_words_than_asked_are_seen_at_once(draw: Draw) -> None:
    words = [("HH", n / 10, (n + 1) / 10) for n in range(9)]
    shown = draw(film(captions=(captions(cue(0, 0.9, *words), maxWords=4),)))
    assert seen(shown) == list(range(27))
    widths = [box(frame).size[0] for frame in shown[:27]]
    assert len(set(widths)) == 1, "nine words are three cues of three, not four, four and one"
    assert widths[0] < 4 * 2.8 * LINE / 2


def test_cues_never_have_more_lines_than_asked_nor_leave_the_safe_area(draw: Draw) -> None:
    long = "some rather long sentence with quite a few words that need several lines and averyveryveryverylongwordthatgoeson"
    for lines, size in ((1, {}), (2, {}), (1, {"width": 180, "height": 320}), (3, {"width": 180, "height": 320})):
        body = film(captions=(captions(cue(0, 2, text=long), maxWords=40, maxLines=lines),), seconds=2, output=size)
        shown = draw(body)
        high, wide = shown.shape[1:3]
        line = SIZE * high
        for number in range(0, 60, 5):
            area = box(shown[number])
            assert area.size[1] <= lines * line + 0.2 * line
            assert area.left >= 0.07 * wide
            assert area.right <= 0.93 * wide


def test_captions_keep_away_from_the_edges_and_from_the_controls_over_tall_films(draw: Draw) -> None:
    places = {}
    for shape, output in (("wide", {}), ("tall", {"width": 180, "height": 320})):
        for position in ("top", "middle", "bottom"):
            body = film(captions=(captions(cue(0, 1, text="H"), position=position),), seconds=0.1, output=output)
            frame = draw(body)[0]
            places[shape, position] = box(frame).middle[1] / frame.shape[0]
    assert places["wide", "top"] == pytest.approx(0.08 + SIZE / 2, abs=0.02)
    assert places["wide", "bottom"] == pytest.approx(0.92 - SIZE / 2, abs=0.02)
    assert places["tall", "top"] == pytest.approx(0.14 + SIZE / 2, abs=0.02)
    assert places["tall", "bottom"] == pytest.approx(0.8 - SIZE / 2, abs=0.02)
    assert places["wide", "middle"] == places["tall", "middle"] == pytest.approx(0.5, abs=0.02)


def test_a_background_lies_behind_all_lines(draw: Draw) -> None:
    track = captions(cue(0, 1, text="one two three four"), maxLines=2, size=0.25, background="#ffffff")
    frame = draw(film(captions=(track,), seconds=0.1))[0]
    area = box(frame)
    assert area.size[1] == pytest.approx(2.5 * 0.25 * 180, abs=2)
    assert (frame[area.top + 3, area.left + 3 : area.right - 3] > 250).all()


def test_uppercase_is_drawn_as_capitals(draw: Draw) -> None:
    small, capital = (
        draw(film(captions=(captions(cue(0, 1, text=text), **more),), seconds=0.1))
        for text, more in (("straße", {"uppercase": True}), ("STRASSE", {}))
    )
    assert np.array_equal(small, capital)


@pytest.mark.parametrize("style", ["pop", "bounce", "fade", "slide"])
def test_moving_styles_come_on_from_the_first_frame_and_come_to_rest(draw: Draw, style: str) -> None:
    where = "middle" if style == "slide" else "bottom"  # At the bottom it rests a line higher: it comes from below.
    rest = draw(film(captions=(captions(cue(0.2, 0.9, text="HHHH"), size=0.3, position=where),)))[18]
    shown = draw(film(captions=(captions(cue(0.2, 0.9, text="HHHH"), size=0.3, position=where, style=style),)))
    assert seen(shown) == list(range(6, 27))
    assert np.array_equal(shown[18], rest) or style == "bounce"
    first, area = box(shown[6], least=5), box(rest)
    match style:
        case "pop":
            assert first.size[0] < 0.8 * area.size[0]
            assert max(box(frame).size[0] for frame in shown[6:12]) > 1.03 * area.size[0]
        case "bounce":
            assert first.middle[1] < area.middle[1] - 0.5 * 0.3 * 180
            assert box(shown[22]) == area
        case "fade":
            assert shown[6].max() < 60
            assert shown[26].max() < 60
        case "slide":
            assert first.middle[1] > area.middle[1] + 0.5 * 0.3 * 180


def test_captions_lie_above_overlays(draw: Draw) -> None:
    track = captions(cue(0, 1, text="HHHH"), position="middle", background="#00ff00")
    frame = draw(film(image(width=1.0), captions=(track,), seconds=0.1))[0]
    assert tuple(frame[79, 160]) == pytest.approx((0, 255, 0), abs=4)


def test_what_they_say_is_never_markup(draw: Draw) -> None:
    nasty = r"{\an8\c&H00FFFF&}a\N\hb{\r}"
    for style in ("plain", "highlight", "karaoke"):
        frame = draw(film(captions=(captions(cue(0, 1, text=nasty), style=style),), seconds=0.1))[0]
        assert box(frame).middle[1] == pytest.approx(0.92 * 180 - LINE / 2, abs=3)
        assert box(frame).size[0] > 5 * LINE


def test_a_track_beside_the_film_is_not_burnt_in(draw: Draw) -> None:
    assert is_plain(draw(film(captions=(captions(HELLO, mode="sidecar"),))))
    assert not is_plain(draw(film(captions=(captions(HELLO, mode="both"),))))


def refused(draw: Draw, track: Document) -> dict[str, str]:
    with pytest.raises(UnusableMedia) as caught:
        draw(film(captions=(captions(HELLO), track | {"id": "other"})))
    return {error.pointer: error.code for error in caught.value.errors}


def test_a_transcript_that_is_not_there_is_named(draw: Draw) -> None:
    assert refused(draw, {"transcriptId": "t-1"}) == {"/tracks/caption/1/transcriptId": "missing_transcript"}


def test_empty_cues_and_words_are_passed_over_and_overlapping_ones_give_way(draw: Draw) -> None:
    cues = (
        cue(0, 0.5, text=" \n "),
        cue(0.2, 0.9, ("HH", 0.2, 0.8), (" ", 0.3, 0.4), ("HH", 0.5, 0.7)),
        cue(0.8, 1.0, text="HHHHHHHH"),
    )
    shown = draw(film(captions=(captions(*cues, style="highlight"),)))
    assert seen(shown) == list(range(6, 30))
    first, second = lit(shown[14]), lit(shown[15])
    assert first is not None
    assert second is not None
    assert second[0] > first[1], "the second word's start ends the first"
    assert box(shown[23]).size[0] < box(shown[24]).size[0], "the second cue's start ends the first"
