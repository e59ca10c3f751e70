"""How long a film is, to the frame, for any tracks; and graphs of any size."""

from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.kompositions import SourceMedia, compile_komposition, parse_komposition, plan_timeline
from shared.media import run_graph
from tests.shared.kompositions.documents import document, segment, track, transition
from tests.shared.kompositions.graph.conftest import Compile
from tests.shared.kompositions.graph.measuring import checksums, samples

RATES = st.sampled_from([12.5, 23.976, 25, 29.97, 30, 50, 59.94])
PIECES = st.lists(st.tuples(st.integers(2, 9), st.integers(0, 3), st.booleans()), min_size=1, max_size=6)


def planned(name: str, pieces: list[tuple[int, int, bool]], beat: float = 0.5) -> dict[str, Any]:
    """A track of (length, gap before, transition from the one before) in units of `beat` beats."""
    at, segments, transitions = 0, [], []
    for number, (length, gap, joined) in enumerate(pieces):
        at += 0 if joined and number else gap
        source = ("video", "still", "other")[number % 3]
        segments.append(segment(f"{name}{number}", source, at * beat, (at + length) * beat, fit="loop"))
        if joined and number:
            transitions.append(transition("crossfade", f"{name}{number - 1}", f"{name}{number}", beat * 0.75))
        at += length
    return track(name, *segments, transitions=tuple(transitions))


@settings(max_examples=60, deadline=None)
@given(tracks=st.lists(PIECES, min_size=1, max_size=3), fps=RATES, bpm=st.integers(40, 200))
def test_the_length_is_the_slots_less_the_overlaps_and_the_gaps_besides(
    tracks: list[list[tuple[int, int, bool]]], fps: float, bpm: int
) -> None:
    video = tuple(planned(f"t{number}", pieces) for number, pieces in enumerate(tracks))
    timeline = plan_timeline(parse_komposition(document(video=video, output={"fps": fps}, **{"bpm": bpm})))
    lengths = []
    for slots in timeline.tracks:
        gaps = [after.start_frame - before.end_frame for before, after in pairwise(slots) if after.transition is None]
        assert all(gap >= 0 for gap in gaps)
        overlaps = sum(slot.overlap for slot in slots)
        lengths.append(slots[0].start_frame + sum(slot.frames for slot in slots) - overlaps + sum(gaps))
    assert timeline.film_frames == max(lengths)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tracks=st.lists(PIECES, min_size=1, max_size=2), fps=RATES, data=st.data())
def test_what_is_rendered_is_as_long_as_planned_and_so_are_windows(
    compiled: Compile, tracks: list[list[tuple[int, int, bool]]], fps: float, data: st.DataObject
) -> None:
    video = tuple(planned(f"t{number}", pieces, 0.1) for number, pieces in enumerate(tracks))
    body = document(video=video, output={"fps": fps, "width": 64, "height": 36})
    whole = compiled(body)
    shown = checksums(whole)
    assert len(shown) == whole.total_frames
    assert len(samples(whole)) == whole.timeline.total_samples
    start = data.draw(st.integers(0, whole.total_frames - 1))
    end = data.draw(st.integers(start + 1, whole.total_frames))
    assert checksums(compiled(body, range(start, end))) == shown[start:end]


def test_a_graph_too_long_for_a_command_line_is_read_from_a_file(
    sources: dict[str, SourceMedia], tmp_path: Path
) -> None:
    segments = [segment(str(n), "still", n / 10, (n + 1) / 10) for n in range(330)]
    body = document(*segments, output={"width": 32, "height": 32})
    graph = compile_komposition(parse_komposition(body), sources, tmp_path)
    output = tmp_path / "film.mp4"
    arguments = graph.arguments([output])
    assert max(len(argument) for argument in arguments) < 100_001
    assert "-/filter_complex" in arguments
    assert arguments == graph.arguments([output])
    result = run_graph(arguments, duration=graph.duration, output=output, timeout=60)
    assert result.frames == graph.total_frames == 990
