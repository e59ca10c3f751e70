"""Captions beside the film: WebVTT that others can read, and where in the film the words of a source are said."""

import re
import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import MissingMedia, parse_komposition, plan_timeline
from shared.kompositions.drawing import caption_sidecar
from shared.media import MediaInfo, find_ffmpeg
from shared.media.graph import SourceMedia
from tests.shared.kompositions.documents import Document, clip, document, music, segment, transition
from tests.shared.kompositions.drawing.test_captions import cue

SECONDS = 20
INFO = MediaInfo(container="mp4", exact_duration=Fraction(SECONDS), size=1, sha256="0", streams=())
MEDIA = {name: SourceMedia(Path(name), INFO) for name in ("video", "other", "music")}
COUNT = cue(0, SECONDS, *((f"w{n}", n, n + 0.5) for n in range(SECONDS)))
"""A word on every second of the source."""


def sidecar(body: Document, window: range | None = None, *, media: Any = MEDIA) -> str | None:
    komposition = parse_komposition(body)
    timeline = plan_timeline(komposition)
    return caption_sidecar(komposition, timeline.windowed(window) if window else timeline, media)


def spoken(*segments: Document, source: str = "video", offset: float = 0, **more: Any) -> dict[str, float]:
    """When in the film each word of a source is said, seconds; a word that is said again has a number after it."""
    body = document(*segments, **more)
    body["sources"][0]["offset"] = {"seconds": offset}
    track = {"mode": "sidecar", "sourceId": source, "transcript": {"segments": [COUNT]}, "maxWords": 1}
    body["tracks"]["caption"] = [track]
    text = sidecar(body)
    assert text is not None
    said: dict[str, float] = {}
    for start, word in re.findall(r"(\S+) --> \S+\n(\S+)", text):
        hours, minutes, seconds = start.split(":")
        name = word if word not in said else f"{word}+{sum(word == other.split('+')[0] for other in said)}"
        said[name] = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    return said


def test_words_follow_the_piece_of_the_source_that_is_shown() -> None:
    assert spoken(segment("a", "video", 1, 4, sourceStart=5)) == {"w5": 1, "w6": 2, "w7": 3}
    assert spoken(segment("a", "video", 1, 4, sourceStart=5), offset=2) == {"w7": 1, "w8": 2, "w9": 3}


def test_words_follow_every_use_of_the_source() -> None:
    uses = (segment("a", "video", 0, 2), segment("b", "other", 2, 3), segment("c", "video", 3, 5, sourceStart=1))
    assert spoken(*uses) == {"w0": 0, "w1": 1, "w1+1": 3, "w2": 4}


@pytest.mark.parametrize(("slot", "factor"), [(2, 0.5), (8, 2.0)])
def test_words_follow_a_stretch(slot: float, factor: float) -> None:
    said = spoken(segment("a", "video", 1, 1 + slot, sourceStart=4, sourceDuration=4))
    assert said == {f"w{4 + n}": 1 + n * factor for n in range(4)}


def test_a_stretch_to_the_end_of_the_file_needs_the_file() -> None:
    use = segment("a", "video", 0, 5, sourceStart=10, fit="stretch")
    assert spoken(use) == {f"w{10 + n}": n / 2 for n in range(10)}
    body = document(use)
    body["tracks"]["caption"] = [{"mode": "sidecar", "sourceId": "video", "transcript": {"segments": [COUNT]}}]
    with pytest.raises(MissingMedia) as caught:
        sidecar(body, media=None)
    assert caught.value.errors[0].pointer == "/sources/0/assetId"


def test_words_are_said_again_in_every_turn_of_a_loop() -> None:
    said = spoken(segment("a", "video", 0, 5, sourceStart=3, sourceDuration=2, fit="loop"))
    assert said == {"w3": 0, "w4": 1, "w3+1": 2, "w4+1": 3, "w3+2": 4}


def test_a_held_frame_says_nothing() -> None:
    said = spoken(segment("a", "video", 0, 5, sourceStart=3, sourceDuration=2, fit="freeze"))
    assert said == {"w3": 0, "w4": 1}


def test_what_is_played_backwards_is_not_said() -> None:
    assert spoken(segment("a", "video", 0, 2), segment("b", "video", 2, 4, reverse=True)) == {"w0": 0, "w1": 1}


def test_a_transition_carries_the_words_on_under_it() -> None:
    cut = transition("crossfade", "a", "b", 1, offset=0)
    uses = (segment("a", "video", 0, 3), segment("b", "other", 3, 6))
    assert spoken(*uses, transitions=(cut,)) == {"w0": 0, "w1": 1, "w2": 2}
    uses = (segment("a", "other", 0, 3), segment("b", "video", 3, 6, sourceStart=4))
    assert spoken(*uses, transitions=(cut,)) == {"w4": 2, "w5": 3, "w6": 4, "w7": 5}


def test_a_word_that_is_cut_in_half_is_said_when_most_of_it_is_there() -> None:
    assert spoken(segment("a", "video", 0, 1.3, sourceStart=2.2)) == {"w2": 0, "w3": 0.8}
    assert spoken(segment("a", "video", 0, 1, sourceStart=2.3)) == {"w3": 0.7}


def test_narration_on_an_audio_track_is_followed_there() -> None:
    body = {"audio": (music(clip("n", "music", 2, 5, sourceStart=1)),)}
    assert spoken(segment("a", "other", 0, 6), source="music", **body) == {"w1": 2, "w2": 3, "w3": 4}


def test_others_can_read_it(tmp_path: Path) -> None:
    cues = (cue(0.5, 1.5, ("Tom", 0.5, 0.8), ("&", 0.8, 0.9), ("<Jerry>", 1.0, 1.5)), cue(61.25, 62, text="a --> b"))
    body = document(segment("a", "still", 0, 70))
    body["tracks"]["caption"] = [{"mode": "both", "transcript": {"segments": list(cues)}}]
    text = sidecar(body)
    assert text is not None
    assert text.startswith(
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nTom <00:00:00.800>&amp; <00:00:01.000>&lt;Jerry&gt;\n"
    )
    path = tmp_path / "film.vtt"
    path.write_text(text)
    read = subprocess.run(
        [find_ffmpeg().path, "-v", "error", "-i", path, "-f", "srt", "-"], capture_output=True, text=True
    )
    assert read.stderr == ""
    assert read.stdout.split("\n\n")[:2] == [
        "1\n00:00:00,500 --> 00:00:01,500\nTom & <Jerry>",
        "2\n00:01:01,250 --> 00:01:02,000\na --> b",
    ]


def test_who_speaks_is_told_as_a_voice() -> None:
    told = cue(0, 2, ("Yes", 0, 0.5), ("indeed", 0.5, 1), ("no", 1, 2))
    for word, speaker in zip(told["words"], ("Ann & <Co>", "Ann & <Co>", "Bob"), strict=True):
        word["speaker"] = speaker
    body = document(segment("a", "still", 0, 3))
    body["tracks"]["caption"] = [{"mode": "sidecar", "transcript": {"segments": [told, cue(2, 3, text="all")]}}]
    text = sidecar(body)
    assert text is not None
    assert text.split("\n")[3:] == [
        "<v Ann &amp; &lt;Co&gt;>Yes <00:00:00.500>indeed </v><v Bob><00:00:01.000>no</v>",
        "",
        "00:00:02.000 --> 00:00:03.000",
        "all",
        "",
    ]


def test_a_part_of_the_film_has_its_own_times_and_only_what_is_said_in_it() -> None:
    body = document(segment("a", "still", 0, 10))
    body["tracks"]["caption"] = [
        {
            "mode": "sidecar",
            "transcript": {"segments": [cue(0, 1, text="no"), cue(1.5, 3, text="yes"), cue(9, 10, text="no")]},
        }
    ]
    assert sidecar(body, range(60, 240)) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nyes\n"


def test_there_is_none_when_no_track_asks_for_it() -> None:
    body = document(segment("a", "still", 0, 1))
    assert sidecar(body) is None
    body["tracks"]["caption"] = [{"transcript": {"segments": [cue(0, 1, text="burnt")]}}]
    assert sidecar(body) is None
    body["tracks"]["caption"] = [{"mode": "sidecar", "transcript": {"segments": []}}]
    assert sidecar(body) == "WEBVTT\n"


TIMES = st.floats(0, 30).map(lambda value: round(value, 2))
WORDS = st.builds(
    lambda word, a, b: (word, min(a, b), max(a, b)), st.sampled_from(["a", "", "漢字", "word word"]), TIMES, TIMES
)
CUES = st.builds(
    lambda a, b, words, text: cue(min(a, b), max(a, b) + 0.01, *words, text=text),
    TIMES, TIMES, st.lists(WORDS, max_size=6), st.text(max_size=40).filter(lambda text: "\ud800" not in text),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(cues=st.lists(CUES, max_size=6), words=st.integers(1, 5), lines=st.integers(1, 3))
def test_cues_are_in_order_and_never_overlap_whatever_the_transcript(
    cues: list[Document], words: int, lines: int
) -> None:
    body = document(segment("a", "still", 0, 40))
    body["tracks"]["caption"] = [
        {"mode": "sidecar", "transcript": {"segments": cues}, "maxWords": words, "maxLines": lines}
    ]
    text = sidecar(body)
    assert text is not None
    blocks = text.rstrip("\n").split("\n\n")[1:]
    times = [tuple(block.split("\n")[0].split(" --> ")) for block in blocks]
    assert all(start < end for start, end in times)
    assert all(before[1] <= after[0] for before, after in pairwise(times))
    for block, (start, end) in zip(blocks, times, strict=True):
        assert len(block.split("\n")) - 1 <= lines
        inside = re.findall(r"<(\d\d:\d\d:\d\d\.\d{3})>", block)
        assert [start, *inside, end] == sorted({start, *inside, end})
