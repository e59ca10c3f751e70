"""`fix` does what can be done safely, tells it, and leaves the rest."""

from copy import deepcopy
from fractions import Fraction

import pytest

from shared.kompositions.importing import Imported, import_komposition
from shared.kompositions.model import Time, Unit, beats, seconds
from tests.shared.kompositions.documents import Document, document, segment, transition

ONE = segment("one", "video", 0, 4)
TWO = segment("two", "still", 4, 8)
CROSSFADE = transition("crossfade", "one", "two", 1)


def repaired(body: Document) -> Imported:
    """What comes of a document with errors that can all be repaired."""
    before = deepcopy(body)
    assert import_komposition(body).errors
    imported = import_komposition(body, fix=True)
    assert imported.errors == ()
    assert body == before, "the document itself stays as it was"
    return imported


def segments(imported: Imported) -> list[tuple[str, Time, Time]]:
    assert imported.komposition is not None
    return [(cut.id, cut.start, cut.end) for cut in imported.komposition.tracks.video[0].segments]


def applied(imported: Imported) -> dict[str, str]:
    return {finding.pointer: finding.code for finding in imported.findings if finding.applied}


def test_segments_are_sorted() -> None:
    imported = repaired(document(TWO, ONE))
    assert [name for name, _, _ in segments(imported)] == ["one", "two"]
    assert applied(imported) == {"/tracks/video/0/segments/1/start": "slots_out_of_order"}


def test_an_earlier_segment_is_cut_where_the_next_begins() -> None:
    imported = repaired(document(ONE, segment("two", "still", 3, 8)))
    assert segments(imported) == [("one", beats(0), beats(3)), ("two", beats(3), beats(8))]
    assert applied(imported) == {"/tracks/video/0/segments/1/start": "overlap"}


def test_it_keeps_its_speed() -> None:
    fast = segment("one", "video", 0, 4, sourceDuration={"seconds": 5})
    imported = repaired(document(fast, segment("two", "still", 3, 8)))
    assert imported.komposition is not None
    assert imported.komposition.tracks.video[0].segments[0].source_duration == seconds(Fraction(15, 4))


def test_of_two_that_begin_together_none_is_cut() -> None:
    imported = import_komposition(document(ONE, segment("two", "still", 0, 8)), fix=True)
    assert [finding.code for finding in imported.errors] == ["overlap"]


REPAIRED: list[tuple[Document, dict[str, str], list[str]]] = [
    (
        document(ONE, segment("two", "still", 5, 8), transitions=(CROSSFADE,)),
        {"/tracks/video/0/transitions/0/duration": "transition_over_gap"},
        [],
    ),
    (
        document(ONE, TWO, transitions=(CROSSFADE, CROSSFADE)),
        {"/tracks/video/0/transitions/1": "duplicate_transition"},
        ["crossfade"],
    ),
    (document(ONE, {**TWO, "id": "one"}), {"/tracks/video/0/segments/1/id": "duplicate_id"}, []),
    (document(ONE, segment("two", "still", 4, 4)), {"/tracks/video/0/segments/1/end": "empty_slot"}, []),
    (document(ONE, render={"start": {"beats": 9}}), {"/render/start": "empty_render"}, []),
    (document(ONE, render={"start": {"beats": 2}, "end": {"beats": 1}}), {"/render/end": "empty_range"}, []),
    (document(ONE, bpm="60"), {"/bpm": "float_type"}, []),
    (
        document(ONE, output={"container": "webm", "videoCodec": "h264"}),
        {"/outputs/0/videoCodec": "codec_container"},
        [],
    ),
]


@pytest.mark.parametrize(("body", "expected", "transitions"), REPAIRED)
def test_what_can_be_repaired(body: Document, expected: dict[str, str], transitions: list[str]) -> None:
    imported = repaired(body)
    assert applied(imported) == expected
    assert imported.komposition is not None
    assert [crossing.type for crossing in imported.komposition.tracks.video[0].transitions] == transitions


def test_odd_sizes_become_even() -> None:
    imported = repaired(document(ONE, output={"width": 321, "height": 181}))
    assert imported.komposition is not None
    assert (imported.komposition.output.width, imported.komposition.output.height) == (320, 180)


def test_one_repair_after_the_other() -> None:
    body = document(
        segment("c", "still", 7, 9), segment("a", "video", 0, 4), segment("b", "video", 3, 8), {**TWO, "id": "a"}
    )
    imported = import_komposition(body, fix=True)
    assert [name for name, _, _ in segments(imported)] == ["a", "b", "a-2", "c"]
    assert {finding.code for finding in imported.findings} == {"slots_out_of_order", "overlap", "duplicate_id"}
    assert applied(imported)["/tracks/video/0/segments/0/start"] == "overlap"


def test_documents_of_other_formats_are_repaired_at_their_own_places() -> None:
    body = {
        "type": "Komposition",
        "bpm": 120,
        "config": {"width": 321, "height": 180},
        "segments": [
            {"id": "late", "sourceid": "v", "start": 3, "end": 8, "mood": "blue"},
            {"id": "early", "sourceid": "v", "start": 0, "end": 4},
        ],
        "sources": [{"id": "v", "url": "v.mp4"}],
    }
    imported = repaired(body)
    assert applied(imported) == {"/segments/0/start": "overlap", "/config/width": "multiple_of"}
    assert segments(imported) == [("early", beats(0), beats(3)), ("late", beats(3), beats(8))]
    assert imported.komposition is not None
    assert imported.komposition.tracks.video[0].segments[1].extra == {"mood": "blue"}


def test_what_cannot_be_repaired_stays_an_error() -> None:
    imported = import_komposition(document({**ONE, "sourceId": "gone"}, output={"width": 321}), fix=True)
    assert [finding.code for finding in imported.errors] == ["unknown_source"]


def test_without_fix_safe_repairs_are_offered() -> None:
    (finding,) = import_komposition(document(TWO, ONE)).errors
    assert (finding.safe, finding.applied, finding.fix) == (True, False, "Sort the segments by their start.")


def test_times_in_other_units_are_compared_rightly() -> None:
    imported = repaired(document(ONE, {**TWO, "start": {"frames": 60}}))
    assert segments(imported)[0][2] == Time(Fraction(60), Unit.FRAMES)
