"""Prediction: how long a transcode will take and what it will cost, by going through its stages with known speeds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapreplace

from pydantic import JsonValue

from shared.media.chunking.borders import Chunk
from shared.media.chunking.speeds import Coded, Speeds, Whole

USUAL_BITS = 0.08
"""Bits for a pixel of a film that is encoded for a quality, where no rate bounds it."""


_MOST_ROUNDS = 4
"""Chunks that a task is given at most so that all end together: more would cost more than it evens out."""


@dataclass(frozen=True)
class Work:
    """All that there is to do. Bytes of the source, seconds of the film, and what is made of it.

    `whole`: what is made of the whole film at once, beside its pictures."""

    renditions: Sequence[Coded]
    chunks: Sequence[Chunk]
    seconds: float
    source_bytes: int
    result_bytes: float
    whole: Sequence[Whole]
    gpu: bool = False

    @property
    def frames(self) -> int:
        """Of the film."""
        return sum(chunk.frames for chunk in self.chunks)


@dataclass(frozen=True)
class Prediction:
    """Seconds from the request to the result, the seconds of each stage in order, and US dollars for all tasks together."""

    seconds: float
    cost_usd: float
    tasks: int
    chunks: int
    stages: Mapping[str, float]

    def to_json(self) -> dict[str, JsonValue]:
        """As a job keeps it and the API tells it, rounded."""
        return {
            "seconds": round(self.seconds, 1),
            "costUsd": round(self.cost_usd, 4),
            "tasks": self.tasks,
            "chunks": self.chunks,
            "stages": {name: round(seconds, 2) for name, seconds in self.stages.items()},
        }


def predict(work: Work, speeds: Speeds, tasks: int, usd_per_second: float) -> Prediction:
    """What `work` takes on so many tasks, each of which costs `usd_per_second` while it works.

    Every task fetches the source; they take chunks, sound and sidecars, largest first; one joins, and fetches what the others
    have made while they go on. A single chunk is made by one task from end to end, and nothing of it is stored on the way."""
    fetch = speeds.steady("transfer", work.source_bytes)
    busy = [fetch + load for load in loads(_pieces(work, speeds), tasks)]
    parts = len(work.chunks) > 1
    stages = {
        "start": speeds.fixed("start"),
        "fetch": fetch,
        "plan": speeds.fixed("plan") if parts else 0.0,
        "encode": max(busy) - fetch,
        "join": _join(work, speeds, tasks) if parts else 0.0,
        "store": speeds.steady("transfer", work.result_bytes) + speeds.fixed("finish"),
    }
    paid = sum(busy) + stages["plan"] + stages["join"] + stages["store"]
    return Prediction(sum(stages.values()), paid * usd_per_second, tasks, len(work.chunks), stages)


def _pieces(work: Work, speeds: Speeds) -> list[float]:
    """Seconds of every piece that a task can take, with putting it where the others find it."""
    alone = len(work.chunks) == 1
    stored = 0.0 if alone else speeds.steady("transfer", work.result_bytes)
    pieces = [
        speeds.encode(work.renditions, chunk.weight, gpu=work.gpu) + stored * chunk.frames / work.frames
        for chunk in work.chunks
    ]
    pieces += [speeds.whole(name, work.seconds) for name in work.whole]
    return [sum(pieces)] if alone else [piece + speeds.fixed("piece") for piece in pieces]


def _join(work: Work, speeds: Speeds, tasks: int) -> float:
    """Seconds to fetch the last chunk of each task, and to make one film of all."""
    last = work.result_bytes * min(1.0, tasks / len(work.chunks))
    return speeds.steady("transfer", last) + speeds.steady("join", work.frames * len(work.renditions))


def even_splits(tasks: int, whole: int) -> Iterator[int]:
    """Numbers of chunks that may keep so many tasks busy until the end, beside `whole` other pieces, fewest first."""
    for rounds in range(1, _MOST_ROUNDS + 1):
        yield from sorted({max(1, tasks * rounds - whole), tasks * rounds})


def loads(pieces: Iterable[float], tasks: int) -> list[float]:
    """How long each of the tasks is busy when each that is free takes the largest piece that is left."""
    busy = [0.0] * tasks
    for piece in sorted(pieces, reverse=True):
        heapreplace(busy, busy[0] + piece)
    return busy
