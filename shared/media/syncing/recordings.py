"""`sync_recordings`: many recordings of one event on the clock of one of them, each found in those that are placed already."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media.syncing.aligning import align
from shared.media.syncing.hearing import hear
from shared.media.syncing.sync import Sync

if TYPE_CHECKING:
    from shared.media.syncing.hearing import Samples

_ANCHOR = Sync(Fraction(0), Fraction(0), 1.0)
"""Of the one that others are placed by."""


def sync_recordings(
    paths: Sequence[Path],
    *,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> "tuple[tuple[Sync, ...], tuple[Samples, ...]]":
    """How each recording relates to the first, and what is heard in each. One that is not found in any other is not `found`.

    Raises as `hear`."""
    heard: list[Samples] = []
    for path in paths:
        before = len(heard) / len(paths)

        def told(done: float, before: float = before) -> None:
            on_progress(0.7 * (before + done / len(paths)))

        heard.append(hear(path, on_progress=told, should_cancel=should_cancel))
    syncs = sync_sounds(heard, on_progress=lambda done: on_progress(0.7 + 0.3 * done))
    return syncs, tuple(heard)


def sync_sounds(
    heard: "Sequence[Samples]", *, on_progress: Callable[[float], object] = lambda _: None
) -> tuple[Sync, ...]:
    """How each sound relates to the first: itself, or by way of the ones that it is found in with most confidence.

    One that is found in none of those is taken to start with the first, and others may be found in it. Those count as found
    that most have something in common with: a silent first one makes strangers of nobody but itself."""
    placed: dict[int, Sync] = {0: _ANCHOR}
    anchors = {0: 0}
    found: dict[tuple[int, int], Sync] = {}
    while len(placed) < len(heard):
        on_progress(len(placed) / len(heard))
        left = [number for number in range(len(heard)) if number not in placed]
        for pair in ((known, other) for known in placed for other in left):
            if pair not in found:
                found[pair] = align(heard[pair[0]], heard[pair[1]])
        known, other = max(
            ((known, other) for known in placed for other in left), key=lambda pair: found[pair].confidence
        )
        if found[known, other].found:
            placed[other], anchors[other] = found[known, other].after(placed[known]), anchors[known]
        else:
            placed[left[0]], anchors[left[0]] = _ANCHOR, left[0]
    on_progress(1.0)
    [(most, _)] = Counter(anchors[number] for number in range(len(heard))).most_common(1)
    return tuple(
        placed[number] if anchors[number] == most else replace(placed[number], confidence=0.0)
        for number in range(len(heard))
    )
