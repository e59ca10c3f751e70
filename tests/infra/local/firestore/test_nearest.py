"""find_nearest: measures, thresholds, prefilters."""

import math

import pytest
from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.base_vector_query import DistanceMeasure
from google.cloud.firestore_v1.vector import Vector

POINTS = {"east": [1.0, 0.0], "north": [0.0, 1.0], "far": [3.0, 0.1], "short": [1.0]}
HERE = Vector([1.0, 0.1])


@pytest.fixture
def points(client: firestore.Client) -> firestore.CollectionReference:
    for name, coordinates in POINTS.items():
        client.document(f"points/{name}").set({"v": Vector(coordinates), "kind": "point" if name != "far" else "other"})
    client.document("points/none").set({"kind": "point"})
    return client.collection("points")


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (DistanceMeasure.EUCLIDEAN, {"east": 0.1, "north": math.dist((0, 1), (1, 0.1)), "far": 2.0}),
        (
            DistanceMeasure.COSINE,
            {"far": 1 - 3.01 / math.hypot(3, 0.1) / math.hypot(1, 0.1), "east": 1 - 1 / math.hypot(1, 0.1)},
        ),
        (DistanceMeasure.DOT_PRODUCT, {"far": 3.01, "east": 1.0, "north": 0.1}),
    ],
)
def test_neighbours_come_nearest_first_with_their_distance(
    points: firestore.CollectionReference, measure: DistanceMeasure, expected: dict[str, float]
) -> None:
    query = points.find_nearest(
        "v", HERE, limit=len(expected), distance_measure=measure, distance_result_field="distance"
    )
    found = {each.id: each.get("distance") for each in query.get()}
    assert list(found) == list(expected)
    assert found == pytest.approx(expected)


def test_a_threshold_and_a_filter_leave_things_out(points: firestore.CollectionReference) -> None:
    near = points.find_nearest("v", HERE, limit=9, distance_measure=DistanceMeasure.EUCLIDEAN, distance_threshold=1.5)
    assert [each.id for each in near.get()] == ["east", "north"]
    similar = points.find_nearest(
        "v", HERE, limit=9, distance_measure=DistanceMeasure.DOT_PRODUCT, distance_threshold=1.0
    )
    assert [each.id for each in similar.get()] == ["far", "east"]
    others = points.where(filter=FieldFilter("kind", "==", "other"))
    assert [
        each.id for each in others.find_nearest("v", HERE, limit=9, distance_measure=DistanceMeasure.COSINE).get()
    ] == ["far"]


def test_a_projection_keeps_the_distance(points: firestore.CollectionReference) -> None:
    query = points.select(["kind"]).find_nearest(
        "v", HERE, limit=1, distance_measure=DistanceMeasure.EUCLIDEAN, distance_result_field="d"
    )
    assert [set(each.to_dict()) for each in query.get()] == [{"kind", "d"}]


def test_more_than_1000_neighbours_are_refused(points: firestore.CollectionReference) -> None:
    with pytest.raises(exceptions.InvalidArgument, match="between 1 and 1000"):
        points.find_nearest("v", HERE, limit=1001, distance_measure=DistanceMeasure.COSINE).get()
