"""Beats become frames and samples exactly, whatever the tempo and the rate."""

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import Timeline, parse_komposition, plan_timeline
from shared.kompositions.model import exact
from shared.kompositions.timing import SAMPLE_RATE, samples_at
from shared.media.graph.sound import tempo_chain
from tests.shared.kompositions.documents import document, segment, transition

BPMS = st.one_of(st.integers(20, 400), st.floats(20, 400).map(lambda bpm: round(bpm, 3)))
RATES = st.sampled_from([23.976, 24, 25, 29.97, 30, 50, 59.94, 60])
LENGTHS = st.lists(st.integers(1, 64), min_size=1, max_size=12)


def planned(body: dict[str, Any], bpm: float = 60, fps: float = 30) -> Timeline:
    return plan_timeline(parse_komposition({**body, "bpm": bpm, "outputs": [{"fps": fps}]}))


@settings(max_examples=100, deadline=None)
@given(bpm=BPMS, fps=RATES, lengths=LENGTHS)
def test_every_cut_is_within_half_a_frame_of_its_beat(bpm: float, fps: float, lengths: list[int]) -> None:
    ends = [sum(lengths[: n + 1]) for n in range(len(lengths))]
    segments = [
        segment(str(n), "video", end - length, end) for n, (end, length) in enumerate(zip(ends, lengths, strict=True))
    ]
    timeline = planned(document(*segments), bpm, fps)
    for slot, end in zip(timeline.tracks[0], ends, strict=True):
        assert abs(Fraction(slot.end_frame) / timeline.rate - exact(end) * 60 / exact(bpm)) <= 1 / timeline.rate / 2
    assert timeline.total_frames == sum(slot.frames for slot in timeline.tracks[0])
    assert timeline.duration == timeline.total_frames / timeline.rate


@settings(max_examples=100, deadline=None)
@given(bpm=BPMS, fps=RATES, lengths=LENGTHS, meet=st.booleans())
def test_the_length_is_the_slots_less_the_overlaps(bpm: float, fps: float, lengths: list[int], meet: bool) -> None:
    segments, transitions, at = [], [], 0.0
    for n, length in enumerate(lengths):
        segments.append(segment(str(n), "video", at, at + length + 2))
        at += length + 2 if meet else length + 1
        if n:
            transitions.append(transition("crossfade", str(n - 1), str(n), 1))
    timeline = planned(document(*segments, transitions=tuple(transitions)), bpm, fps)
    overlaps = sum(slot.overlap for slot in timeline.tracks[0])
    assert timeline.total_frames == sum(slot.frames for slot in timeline.tracks[0]) - overlaps
    assert all(slot.overlap > 0 for slot in timeline.tracks[0][1:])


def test_a_transition_between_slots_that_meet_leaves_the_grid_in_place() -> None:
    body = document(
        segment("one", "video", 0, 4),
        segment("two", "video", 4, 8),
        segment("three", "video", 8, 12),
        transitions=(transition("crossfade", "one", "two", 1),),
    )
    one, two, three = planned(body).tracks[0]
    assert (one.start_frame, one.end_frame) == (0, 120)
    assert (two.start_frame, two.end_frame, two.overlap) == (90, 240, 30)
    assert (three.start_frame, three.end_frame) == (240, 360)


def test_gaps_count_in_the_length() -> None:
    body = document(segment("one", "video", 1, 2), segment("two", "video", 5, 6))
    assert planned(body).total_frames == 180


@given(
    frame=st.integers(0, 1_000_000), fps=st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(60000, 1001)])
)
def test_samples_of_neighbouring_frames_leave_no_gap(frame: int, fps: Fraction) -> None:
    length = samples_at(frame + 1, fps) - samples_at(frame, fps)
    assert abs(length - SAMPLE_RATE / fps) < 1


@given(st.fractions(Fraction(1, 100), 100))
def test_tempo_factors_multiply_to_the_speed_and_stay_in_range(speed: Fraction) -> None:
    product = Fraction(1)
    for factor in tempo_chain(speed):
        assert Fraction(1, 2) <= factor <= 2
        product *= factor
    assert product == speed
