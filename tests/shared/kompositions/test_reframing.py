"""A plan in a komposition: each segment gets the part that it shows, on its source's clock."""

from typing import Any

import pytest

from shared.kompositions import Komposition, parse_komposition
from shared.kompositions.reframing import plan_framing, reframed
from shared.media.reframing import PlannedShot, PlannedView, PlannedWaypoint, ReframeMetrics, ReframePlan

METRICS = ReframeMetrics(
    reversals_per_second=0, travel_per_second=0, top_speed=0, subject_in_frame=1, jumps=0, scenes=3
)


def planned(start: float, end: float, x: float) -> PlannedShot:
    """A view of a third of the picture that rests."""
    view = PlannedView(width=1 / 3, height=1, path=(PlannedWaypoint(at=start, x=x, y=0),))
    return PlannedShot(start=start, end=end, layout="fill", views=(view,))


PLAN = ReframePlan(
    aspect="9:16",
    start=0,
    end=30,
    shots=(planned(0, 10, 0.1), planned(10, 20, 0.3), planned(20, 30, 0.5)),
    metrics=METRICS,
    detector="given",
)


def film(*segments: dict[str, Any], **source: Any) -> Komposition:
    """A komposition of segments one after the other, `length` seconds each."""
    at, laid = 0.0, []
    for number, segment in enumerate(segments):
        length = segment.pop("length")
        slot = {"start": {"seconds": at}, "end": {"seconds": at + length}}
        laid.append({"id": f"s{number}", "sourceId": "a", **slot, **segment})
        at += length
    sources = [{"id": "a", "kind": "video", "assetId": "a", **source}, {"id": "b", "kind": "video", "assetId": "b"}]
    return parse_komposition({"schemaVersion": "2.0", "sources": sources, "tracks": {"video": [{"segments": laid}]}})


def edges(komposition: Komposition) -> list[list[float] | None]:
    """Of each segment: where its framing's views begin."""
    return [
        [shot.views[0].path[0].x for shot in segment.framing.shots] if segment.framing else None
        for segment in komposition.tracks.video[0].segments
    ]


def test_each_segment_of_the_source_gets_the_shots_that_it_shows() -> None:
    komposition = film(
        {"length": 5, "sourceStart": {"seconds": 12}},
        {"length": 4, "sourceStart": {"seconds": 8}},
        {"length": 4, "sourceStart": {"seconds": 5}, "sourceDuration": {"seconds": 16}},
        {"length": 4, "sourceId": "b"},
    )
    assert edges(reframed(komposition, "a", PLAN)) == [[0.3], [0.1, 0.3], [0.1, 0.3, 0.5], None]


def test_of_a_way_only_what_the_segment_shows_is_taken() -> None:
    path = tuple(PlannedWaypoint(at=at, x=at / 60, y=0) for at in range(31))
    way = PlannedShot(start=0, end=30, layout="fill", views=(PlannedView(width=1 / 3, height=1, path=path),))
    framing = plan_framing(PLAN.model_copy(update={"shots": (way,)}), 10.5, 12.5)
    assert [float(point.at.value) for point in framing.shots[0].views[0].path] == [10, 11, 12, 13]


def test_a_source_that_begins_later_in_its_file_is_framed_on_its_own_clock() -> None:
    framed = reframed(film({"length": 4, "sourceStart": {"seconds": 3}}, offset={"seconds": 5}), "a", PLAN)
    assert edges(framed) == [[0.1, 0.3]]
    framing = framed.tracks.video[0].segments[0].framing
    assert framing is not None and [float(shot.start.value) for shot in framing.shots] == [0, 5]


def test_a_framed_komposition_is_one_and_reads_back_equal() -> None:
    framed = reframed(film({"length": 4, "sourceStart": {"seconds": 8}}), "a", PLAN)
    assert parse_komposition(framed.to_json()) == framed


@pytest.mark.parametrize(("start", "end"), [(0, 1), (29, None), (40, 50), (0, None)])
def test_any_piece_has_a_framing(start: float, end: float | None) -> None:
    assert plan_framing(PLAN, start, end).shots
