"""find_nearest: exact nearest neighbours among the documents that a query's filters leave."""

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import mul

from .encoding import vector_of
from .errors import InvalidArgument
from .executor import Statistics, run_query
from .field_paths import FieldPath, get_field, parse_field_path, set_field
from .limits import MAX_VECTOR
from .messages import Document, StructuredQuery, Value
from .query import Query
from .records import Record
from .snapshot import Snapshot

MAX_NEIGHBOURS = 1000
"""Most results of one search."""

_Measure = StructuredQuery.FindNearest
Distance = Callable[[list[float], list[float]], float]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A search for the `limit` documents whose vector at `path` is nearest to `target`."""

    path: FieldPath
    target: list[float]
    measure: int
    limit: int
    result_path: FieldPath | None
    threshold: float | None

    def search(self, snapshot: Snapshot, query: Query, statistics: Statistics) -> Iterator[Document]:
        """The neighbours, nearest first, with their distance in `result_path`."""
        measured = self._measured(run_query(snapshot, query, statistics))
        for distance, _, document in heapq.nsmallest(self.limit, measured):
            yield document if self.result_path is None else self._labelled(document, distance)

    def _measured(self, records: Iterator[Record]) -> Iterator[tuple[float, int, Document]]:
        """Distances to sort by, a number that settles ties by order of arrival, and the documents."""
        distance = _DISTANCES[self.measure]
        sign = -1 if self.measure == _Measure.DOT_PRODUCT else 1
        for number, record in enumerate(records):
            vector = self._vector(record.document)
            if vector is None or len(vector) != len(self.target):
                continue
            ranked = sign * distance(vector, self.target)
            if math.isnan(ranked) or (self.threshold is not None and ranked > sign * self.threshold):
                continue
            yield ranked, number, record.document

    def _vector(self, document: Document) -> list[float] | None:
        value = get_field(document.fields, self.path)
        return None if value is None else vector_of(value.map_value.fields)

    def _labelled(self, document: Document, ranked: float) -> Document:
        labelled = Document()
        labelled.CopyFrom(document)
        distance = -ranked if self.measure == _Measure.DOT_PRODUCT else ranked
        set_field(labelled.fields, self.result_path or (), Value(double_value=distance))
        return labelled


def parse_nearest(query: StructuredQuery) -> Nearest:
    """Check a query's find_nearest. Raises InvalidArgument."""
    nearest = query.find_nearest
    target = vector_of(nearest.query_vector.map_value.fields)
    if target is None or not 1 <= len(target) <= MAX_VECTOR:
        raise InvalidArgument(f"FindNearest needs a query vector of 1 to {MAX_VECTOR} dimensions.")
    if not 1 <= nearest.limit.value <= MAX_NEIGHBOURS:
        raise InvalidArgument(f"FindNearest limit must be between 1 and {MAX_NEIGHBOURS}.")
    if nearest.distance_measure not in _DISTANCES:
        raise InvalidArgument("FindNearest needs a distance measure.")
    return Nearest(
        path=parse_field_path(nearest.vector_field.field_path),
        target=target,
        measure=nearest.distance_measure,
        limit=nearest.limit.value,
        result_path=parse_field_path(nearest.distance_result_field) if nearest.distance_result_field else None,
        threshold=nearest.distance_threshold.value if nearest.HasField("distance_threshold") else None,
    )


def _dot(a: list[float], b: list[float]) -> float:
    return math.fsum(map(mul, a, b))


def _cosine(a: list[float], b: list[float]) -> float:
    length = math.hypot(*a) * math.hypot(*b)
    return 1 - _dot(a, b) / length if length else math.nan


_DISTANCES: dict[int, Distance] = {
    _Measure.EUCLIDEAN: math.dist,
    _Measure.COSINE: _cosine,
    _Measure.DOT_PRODUCT: _dot,
}
