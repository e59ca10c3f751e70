"""Silences: where a recording is quieter than a threshold for long enough, with the margins that are left around speech.

Thresholds and margins are those that people know from auto-editor: 0.04 of full scale, 0.2 s, nothing shorter than 0.2 s is cut,
no sound shorter than 0.1 s is kept."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import islice
from math import floor, log10

from pydantic import Field

from shared.core.documents import Part
from shared.media.graph.counting import SAMPLE_RATE
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.pieces import plan_pieces
from shared.paper_editing.sound_profile import STEP, SoundProfile

Span = tuple[float, float]


class SilenceSettings(Part):
    """What counts as silence, and how much of it stays."""

    threshold: float = Field(default=0.04, gt=0, le=1, description="Peak amplitude; full scale is 1")
    margin: float = Field(default=0.2, ge=0, le=5, description="Seconds left before and after what is heard")
    shortest: float = Field(default=0.2, ge=0.05, le=60, description="Seconds: a shorter silence is not cut")
    blip: float = Field(default=0.1, ge=0, le=5, description="Seconds: a shorter sound that is no word is silence too")


def find_silences(edit: PaperEdit, profile: SoundProfile, settings: SilenceSettings) -> list[Span]:
    """The stretches to take out: silent, without words, shown by the film as it is now; in seconds, in order."""
    loud = [span for span in _loud(profile, settings.threshold) if span[1] - span[0] >= settings.blip]
    spoken = [(word.start, word.end) for word in edit.words]
    shown = sorted((piece.start.wanted / SAMPLE_RATE, piece.end.wanted / SAMPLE_RATE) for piece in plan_pieces(edit))
    found = []
    for start, end in _between(_merged([*loud, *spoken]), edit.duration):
        # The recording's own ends need no margin: nothing is heard beyond them.
        begins = start + settings.margin if start > 0 else 0.0
        ends = end - settings.margin if end < edit.duration else end
        found += [span for span in _common((begins, ends), shown) if span[1] - span[0] >= settings.shortest]
    return found


def _loud(profile: SoundProfile, threshold: float) -> Iterable[Span]:
    """From when to when the peaks are over the threshold."""
    import numpy as np

    loud = np.frombuffer(profile.levels, np.uint8) < floor(-40 * log10(threshold))
    changes = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8)))
    seconds = changes * (STEP / SAMPLE_RATE)
    return list(zip(seconds[::2].tolist(), seconds[1::2].tolist(), strict=True))


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _between(spans: Sequence[Span], duration: float) -> list[Span]:
    """What lies between the spans, which do not overlap."""
    edges = [0.0, *(moment for span in spans for moment in span), duration]
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if end > start]


def _common(span: Span, shown: Sequence[Span]) -> Iterable[Span]:
    """What of a stretch the film shows."""
    nearby = max(0, bisect_right(shown, span[0], key=lambda each: each[0]) - 2)
    for first, last in islice(shown, nearby, None):
        if first >= span[1]:
            return
        start, end = max(span[0], first), min(span[1], last)
        if start < end:
            yield start, end
