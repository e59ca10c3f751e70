"""What changed between two kompositions of 10,000 segments each: goal 0.2 s, whatever the edit was.

`python -m bench.diff`. The baseline is a plain recursive comparison of the same two canonical JSONs, which says only where they
differ."""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from shared.kompositions import Komposition, parse_komposition
from shared.kompositions.diff import diff_kompositions

SEGMENTS = 10_000
GOAL_S = 0.2
ROUNDS = 5


def main() -> None:
    """Measure and print the table."""
    before = komposition(lambda _index, segment: segment)
    edits: dict[str, Komposition] = {
        "nothing changed": komposition(lambda _index, segment: segment),
        "one segment twice as long, 5,000 after it moved": komposition(ripple),
        "every segment has another source, start and volume": komposition(all_over),
        "every segment has a new id": komposition(lambda index, segment: segment | {"id": f"new-{index}"}),
    }
    print(f"{'10,000 segments':<54}{'median ms':>10}{'changes':>9}")
    for name, after in edits.items():
        one, other = before.to_json(), after.to_json()
        plain = timed(lambda one=one, other=other: list(differences(one, other, "")))
        ours = timed(lambda after=after: diff_kompositions(before, after))
        count = len(diff_kompositions(before, after))
        print(
            f"{name:<54}{ours * 1000:>10.1f}{count:>9}   {ours / plain:6.1f} x baseline   goal {GOAL_S * 1000:.0f} ms"
        )


def komposition(edit: Callable[[int, dict[str, Any]], dict[str, Any]]) -> Komposition:
    """10,000 segments of a beat each with an effect on every tenth, every one edited."""
    segments = [
        edit(
            index,
            {
                "id": f"segment-{index}",
                "sourceId": "a",
                "start": {"beats": index},
                "end": {"beats": index + 1},
                "sourceStart": {"seconds": index % 60},
                **({"effects": [{"type": "leica_look"}]} if index % 10 == 0 else {}),
            },
        )
        for index in range(SEGMENTS)
    ]
    sources = [{"id": name, "assetId": f"asset-{name}", "kind": "video"} for name in "ab"]
    return parse_komposition(
        {"schemaVersion": "2.0", "sources": sources, "tracks": {"video": [{"id": "video", "segments": segments}]}}
    )


def ripple(index: int, segment: dict[str, Any]) -> dict[str, Any]:
    """Segment 5,000 is a beat longer; what follows moves."""
    middle = SEGMENTS // 2
    later = {"start": {"beats": index + (index > middle)}, "end": {"beats": index + 1 + (index >= middle)}}
    return segment | later


def all_over(index: int, segment: dict[str, Any]) -> dict[str, Any]:
    """Nothing stays but the ids."""
    times = {"start": {"beats": index * 2 + 1}, "end": {"beats": index * 2 + 2}}
    return segment | times | {"sourceId": "b", "volume": 0.5 + index % 7 / 10}


def differences(one: object, other: object, pointer: str) -> Iterator[str]:
    """The baseline: pointers of all values that differ, list entries compared by place."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from differences(one.get(key), other.get(key), f"{pointer}/{key}")
    elif isinstance(one, list) and isinstance(other, list):
        for index in range(max(len(one), len(other))):
            left = one[index] if index < len(one) else None
            yield from differences(left, other[index] if index < len(other) else None, f"{pointer}/{index}")
    elif one != other:
        yield pointer


def timed(call: Callable[[], object]) -> float:
    """Median seconds of processor time: what others do on the machine does not count."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        call()
        times.append(time.process_time() - started)
    return statistics.median(times)


if __name__ == "__main__":
    main()
