"""Transcripts of each speaker's own recording become one, on one clock, without what microphones heard of the others."""

import argparse
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from shared.clips.multitrack import Recording, RecordingRole
from shared.clips.multitrack.command import add_parser
from shared.clips.multitrack.levels import STEPS
from shared.clips.multitrack.recording import Placed
from shared.clips.multitrack.speech import merge_speech
from shared.kompositions import parse_komposition
from shared.media import MediaInfo
from shared.media.syncing import Sync
from shared.transcripts import Segment, Transcript, Word
from tests.shared.clips.multitrack.conversations import Recorder, film, said


def transcript(*words: tuple[str, float], language: str | None = "en") -> Transcript:
    """A transcript of one segment; each word takes half a second."""
    told = tuple(Word(word=word, start=start, end=start + 0.5) for word, start in words)
    text = " ".join(word.word for word in told)
    return Transcript(
        language=language, segments=(Segment(start=told[0].start, end=told[-1].end, text=text, words=told),)
    )


def placed(name: str, offset: float, drift: float = 0) -> Placed:
    info = MediaInfo(container="wav", exact_duration=Fraction(60), size=1, streams=())
    sync = Sync(Fraction(str(offset)), Fraction(drift), 1.0)
    return Placed(Recording(name, name.title(), RecordingRole.SPEAKER, info), sync)


def talks(*spans: tuple[float, float]) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    flags = np.zeros(60 * STEPS, bool)
    for start, end in spans:
        flags[int(start * STEPS) : int(end * STEPS)] = True
    return flags


def test_words_are_at_their_time_in_the_film_and_their_speakers() -> None:
    ann = transcript(("How", 1), ("are", 1.5), ("you", 2), ("Fine", 6))
    bob = transcript(("you", 0), ("Fine", 4), ("thanks", 4.5), ("Good", 20))
    where = {"ann": (placed("ann", 0), talks((0.9, 2.6), (22, 23))), "bob": (placed("bob", 2, 200), talks((5.9, 7.1)))}
    merged = merge_speech({"ann": ann, "bob": bob}, where, Fraction(60))
    assert [(segment.speaker, segment.text) for segment in merged.segments] == [
        ("Ann", "How are you"),
        ("Bob", "Fine thanks"),
    ], "what Bob's microphone heard of Ann, and hers of him, is left out"
    assert merged.segments[1].words[0].start == pytest.approx(2 + 4 * 1.0002, abs=0.001)
    assert {word.speaker for word in merged.segments[1].words} == {"Bob"}
    assert merged.language == "en"


def test_a_segment_is_cut_where_its_speaker_is_silent_and_nothing_is_before_or_after_the_film() -> None:
    ann = transcript(("before", 0), ("here", 3), ("theirs", 10), ("mine", 20), ("after", 59))
    where = {"ann": (placed("ann", -2), talks((0, 4), (17, 20), (55, 60)))}
    merged = merge_speech({"ann": ann}, where, Fraction(50))
    assert [segment.text for segment in merged.segments] == ["here", "mine"]
    assert merged.segments[0].start == 1


def test_the_command_makes_captions_of_what_each_says(tmp_path: Path) -> None:
    ann, bob = said([(0.3, 6.5)], 1, 110, 14), said([(7, 13)], 2, 200, 14)
    files = [
        film(tmp_path / "ann.mp4", ann, Recorder(0, 13), "red"),
        film(tmp_path / "bob.mp4", (bob + np.float32(0.2) * ann).astype(np.float32), Recorder(1, 12), "lime"),
    ]
    texts = {"ann.srt": "00:00:01,000 --> 00:00:02,000\nHello", "bob.srt": "00:00:07,000 --> 00:00:08,000\nHi there"}
    for name, text in texts.items():
        (tmp_path / name).write_text(f"1\n{text}\n")
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    pairs = [option for path in files for option in ("--transcript", f"{path}={path.with_suffix('.srt')}")]
    output = tmp_path / "talk.json"
    chosen = parser.parse_args(["multitrack", *map(str, files), "-o", str(output), "--captions", "karaoke", *pairs])
    assert chosen.run(chosen) == 0
    (track,) = parse_komposition(json.loads(output.read_text())).tracks.caption
    assert track.style == "karaoke"
    assert set(track.speaker_colors) == {"ann", "bob"}
    assert track.highlight_color not in track.speaker_colors.values(), "what is being said is seen"
    assert track.transcript is not None
    assert [(cue.speaker, cue.text) for cue in track.transcript.segments] == [("ann", "Hello"), ("bob", "Hi there")]
    assert track.transcript.segments[1].start == pytest.approx(8, abs=0.02)
