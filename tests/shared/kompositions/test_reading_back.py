"""A komposition and its JSON say the same, exactly; what is left out has a sensible value."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import Time, parse_komposition
from shared.kompositions.model import Unit
from tests.shared.kompositions.documents import document, segment, transition

ONE = segment("one", "video", 0, 4)
TWO = segment("two", "still", 4, 8)


def test_a_komposition_reads_back_equal_from_its_json() -> None:
    body = document(ONE, TWO, transitions=(transition("crossfade", "one", "two", 1),), title="Film")
    komposition = parse_komposition(body)
    told = json.loads(json.dumps(komposition.to_json()))
    assert parse_komposition(told) == komposition
    assert told["tracks"]["video"][0]["segments"][0]["start"] == {"beats": 0}


def test_what_is_left_out_has_a_sensible_value() -> None:
    cut = {"id": "s", "sourceId": "a", "start": {"beats": 0}, "end": {"beats": 4}}
    body = {"sources": [{"id": "a", "kind": "video"}], "tracks": {"video": [{"segments": [cut]}]}}
    komposition = parse_komposition(body)
    assert (komposition.bpm, komposition.beats_per_measure) == (120, 4)
    assert (komposition.output.width, komposition.output.height, komposition.output.frame_rate) == (1280, 720, 30)
    assert komposition.tracks.video[0].segments[0].effective_fit == "trim"
    assert komposition.to_json() == {"schemaVersion": "2.0", **body}


def test_rates_of_film_and_television_are_exact() -> None:
    for rounded, whole in ((23.976, 24), (29.97, 30), (59.94, 60)):
        komposition = parse_komposition(document(ONE, output={"fps": rounded}))
        assert komposition.output.frame_rate * 1001 == whole * 1000
    assert parse_komposition(document(ONE, output={"fps": 60, "container": "gif"})).output.frame_rate == 50


@settings(deadline=None)
@given(
    value=st.one_of(
        st.integers(0, 10**9),
        st.floats(0, 1e9),
        st.fractions(0, 10**9, max_denominator=10**9),
    ),
    unit=st.sampled_from(list(Unit)),
)
def test_times_read_back_exactly(value: int | float | Fraction, unit: Unit) -> None:
    said = str(value) if isinstance(value, Fraction) else value
    body = document(ONE)
    body["tracks"]["video"][0]["segments"][0]["sourceStart"] = {unit.value: said}
    start = parse_komposition(body).tracks.video[0].segments[0].source_start
    expected = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    assert start == Time(expected, unit)
    body["tracks"]["video"][0]["segments"][0]["sourceStart"] = json.loads(json.dumps(start.to_json()))
    assert parse_komposition(body).tracks.video[0].segments[0].source_start == start


@pytest.mark.parametrize("said", ["1/3", "0.1", "12"])
def test_numbers_may_be_text(said: str) -> None:
    body = document({**ONE, "sourceStart": {"seconds": said}})
    assert parse_komposition(body).tracks.video[0].segments[0].source_start.value == Fraction(said)
