"""Labelling: who says each word, as `Speaker 1`, `Speaker 2` in the order in which they are first heard."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.transcripts.engines import TranscriptionCancelled
from shared.transcripts.recognition.speakers.grouping import grouped, in_turns
from shared.transcripts.recognition.speakers.voices import find_voices
from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.recognition.voice import Span

if TYPE_CHECKING:
    from shared.transcripts.recognition.decoding import Sound
    from shared.transcripts.recognition.speakers.voices import Measures, Voices

PART, STEP = 1.5, 0.5
"""Seconds that are looked at at a time, and from one part to the next: of a turn of less than a second little is seen."""
_EVERY = 3
"""Of the parts, which are compared with each other: those that have nothing in common."""
_PAUSE = 0.5
"""Seconds without a word between which no part reaches."""
_SHORTEST = 0.6
_LEAST_PARTS = 4
"""Below which one speaks, unless it is said otherwise."""


def who_speaks(
    sound: "Sound",
    words: Sequence[TimedWord],
    speakers: int | None = None,
    *,
    voices: "Voices | None" = None,
    on_progress: Callable[[float], object] = lambda _: None,
    should_cancel: Callable[[], bool] = lambda: False,
) -> list[str]:
    """The label of each word. `speakers`: how many there are; found out unless given, eight at most.

    Raises `TranscriptionCancelled`."""
    import numpy as np

    parts = _parts(words)
    if speakers == 1 or len(parts) < (_LEAST_PARTS if speakers is None else 2):
        return [_label(0)] * len(words)
    by = voices or find_voices()
    measured: list[Measures] = []
    for part in parts:
        if should_cancel():
            raise TranscriptionCancelled("The transcription was cancelled.")
        measured.append(by.measure(sound.cut(part.start, part.end)))
        on_progress(len(measured) / len(parts))
    rows = np.stack(measured)
    found = in_turns(by.likeness(rows, grouped(by, rows[::_EVERY], speakers)), by.change)
    middles = np.array([(part.start + part.end) / 2 for part in parts])
    nearest = [int(np.argmin(np.abs(middles - word.middle))) for word in words]
    order: dict[int, int] = {}
    for part_number in nearest:
        order.setdefault(int(found[part_number]), len(order))
    return [_label(order[int(found[part_number])]) for part_number in nearest]


def _parts(words: Sequence[TimedWord]) -> list[Span]:
    """The recording where words are, in parts that overlap."""
    borders = [
        0,
        *(n + 1 for n, (one, other) in enumerate(pairwise(words)) if other.start - one.end > _PAUSE),
        len(words),
    ]
    parts: list[Span] = []
    for first, end in pairwise(borders):
        if first == end:
            continue
        at, last = words[first].start, words[end - 1].end
        while at == words[first].start or last - at > _SHORTEST:
            parts.append(Span(at, max(at + 0.1, min(last, at + PART))))
            if at + PART >= last:
                break
            at += STEP
    return parts


def _label(number: int) -> str:
    return f"Speaker {number + 1}"
