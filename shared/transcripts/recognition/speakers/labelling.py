"""Labelling: who says each word, as `Speaker 1`, `Speaker 2` in the order in which they are first heard."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.transcripts.engines import TranscriptionCancelled
from shared.transcripts.recognition.speakers.grouping import grouped, in_turns
from shared.transcripts.recognition.speakers.voices import find_voices
from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.recognition.voice import Span
from shared.transcripts.wording import ends_sentence

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
_ASTRAY = 2
"""Words by which a turn may be found too early or too late."""
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
    return at_sentences(words, [_label(order[int(found[part_number])]) for part_number in nearest])


def at_sentences(words: Sequence[TimedWord], labels: Sequence[str]) -> list[str]:
    """The labels, with each turn at the sentence that begins nearest, if one does within `_ASTRAY` words: voices are told apart
    to half a second, and a turn seldom begins with another's last word."""
    begins = [at for at in range(1, len(words)) if ends_sentence(words[at - 1].text.strip())]
    told = list(labels)
    turns = [at for at in range(1, len(labels)) if labels[at - 1] != labels[at]]
    for before, turn, after in zip([0, *turns], turns, [*turns[1:], len(labels)], strict=False):
        near = [at for at in begins if abs(at - turn) <= _ASTRAY and before < at < after]
        if near:
            at = min(near, key=lambda begin: abs(begin - turn))
            told[at:turn] = [labels[turn]] * max(0, turn - at)
            told[turn:at] = [labels[turn - 1]] * max(0, at - turn)
    return told


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
