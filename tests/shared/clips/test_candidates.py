"""Candidates: on the edges of sentences and scenes, of the length that was asked for."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.analysis import MediaAnalysis, Span, analyze_text, get_embedder
from shared.clips import ClipSegment
from shared.clips.candidates import candidates
from shared.clips.material import Material, read_material
from shared.transcripts import Segment, Transcript, Word
from tests.shared.clips.talks import DOG, talk

_times = st.tuples(st.floats(0, 60, allow_nan=False), st.floats(0, 3, allow_nan=False))
_words = st.lists(_times, min_size=1, max_size=30).filter(lambda times: any(length > 0.001 for _, length in times))


def _material(transcript: Transcript, cuts: tuple[float, ...] = (), longest: float = 30.0) -> Material:
    shown = tuple(Span(start=at, end=end) for at, end in pairwise((0.0, *cuts, 1000.0)))
    media = MediaAnalysis(duration=transcript.duration or 100.0, scenes=shown) if cuts else None
    return read_material(transcript, analyze_text(transcript), media, get_embedder(), longest=longest)


def _said(*words: tuple[str, float, float]) -> Transcript:
    said = tuple(Word(word=word, start=start, end=end) for word, start, end in words)
    segment = Segment(start=said[0].start, end=said[-1].end, text=" ".join(word.word for word in said), words=said)
    return Transcript(duration=100.0, segments=(segment,))


@given(_words)
@settings(deadline=None, max_examples=30)
def test_every_word_is_in_exactly_one_unit_in_order_of_time(times: list[tuple[float, float]]) -> None:
    words = tuple(Word(word=f"w{n}", start=start, end=start + length) for n, (start, length) in enumerate(times))
    segments = tuple(Segment(start=word.start, end=word.end, text=word.word, words=(word,)) for word in words)
    material = _material(Transcript(duration=100.0, segments=segments))
    covered = [word for unit in material.units for word in material.words[unit.first_word : unit.last_word]]
    assert covered == list(material.words) == sorted(words, key=lambda word: (word.start, word.end, words.index(word)))
    assert all(one.last_gap == other.first_gap for one, other in pairwise(material.units))


def test_sentences_are_units() -> None:
    transcript = talk([DOG])
    assert [unit.text for unit in _material(transcript).units] == [segment.text for segment in transcript.segments]


def test_a_scene_that_changes_in_a_pause_is_an_edge_and_in_the_middle_of_talk_it_is_none() -> None:
    transcript = _said(("We", 0, 0.4), ("look", 0.5, 0.9), ("here", 1.7, 2.0), ("and", 2.1, 2.3), ("there.", 2.4, 3.0))
    assert [unit.text for unit in _material(transcript, (1.2,)).units] == ["We look", "here and there."]
    assert [unit.text for unit in _material(transcript, (2.05,)).units] == ["We look here and there."]
    assert [unit.text for unit in _material(transcript, (1.8,)).units] == ["We look here and there."]


def test_somebody_who_talks_on_and_on_is_parted_where_he_breathes() -> None:
    words = [(f"w{n}", n * 0.5 + (0.2 if n >= 22 else 0.0), n * 0.5 + 0.5) for n in range(40)]
    units = _material(_said(*words), longest=12.0).units
    assert [unit.text.split()[0] for unit in units] == ["w0", "w22"]
    assert [unit.begins for unit in units] == [True, False]


def test_candidates_have_the_length_that_was_asked_for() -> None:
    material = _material(talk())
    found = candidates(material, 15.0, 30.0)
    assert len(found) > 50
    assert all(15 <= material.edges.duration(*span) <= 30 for span in found)
    edges = {unit.first_gap for unit in material.units} | {unit.last_gap for unit in material.units}
    assert all({first, last} <= edges for first, last in found)


def test_of_a_recording_in_which_nothing_is_that_long_all_is_the_candidate() -> None:
    material = _material(talk(["One short sentence."]))
    assert candidates(material, 15.0, 30.0) == ((0, len(material.edges.gaps) - 1),)


def test_a_segment_without_length_is_none() -> None:
    with pytest.raises(ValidationError, match="is empty"):
        ClipSegment(start=2.0, end=2.0)
