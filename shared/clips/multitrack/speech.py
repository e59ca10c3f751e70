"""Speech: what everybody says, from a transcript of each speaker's own recording, in one transcript on the clock of the film.

Whose recording a word is in is who says it. What a microphone heard of the others was transcribed with it; it is left out, for
its owner does not talk then."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from shared.clips.multitrack.levels import STEPS
from shared.clips.multitrack.recording import Placed
from shared.transcripts import Segment, Transcript, Word

if TYPE_CHECKING:
    from shared.clips.multitrack.talking import Talking

_BESIDE = round(0.3 * STEPS)
"""Steps around a word in one of which its speaker must talk."""


def merge_speech(
    spoken: Mapping[str, Transcript], placed: "Mapping[str, tuple[Placed, Talking]]", duration: Fraction
) -> Transcript:
    """One transcript of all. `spoken`: by recording, its transcript; `placed`: where it is, and when its speaker talks."""
    segments = [
        segment
        for name, transcript in spoken.items()
        for heard in transcript.segments
        for segment in _own(heard, *placed[name], duration)
    ]
    language = next((each.language for each in spoken.values() if each.language is not None), None)
    ordered = tuple(sorted(segments, key=lambda segment: (segment.start, segment.end)))
    return Transcript(language=language, duration=float(duration), segments=ordered)


def _own(segment: Segment, placed: Placed, talking: "Talking", duration: Fraction) -> Iterator[Segment]:
    """The stretches of a segment that its speaker says, on the clock of the film."""
    speaker = placed.recording.name
    moved = [_moved(word, placed, duration) for word in segment.words]
    told = [(word, word is not None and _says(word, talking)) for word in moved]
    for says, stretch in groupby(told, key=itemgetter(1)):
        words = tuple(word.model_copy(update={"speaker": speaker}) for word, _ in stretch if word is not None)
        if says and words:
            text = " ".join(word.word for word in words)
            yield Segment(start=words[0].start, end=words[-1].end, text=text, speaker=speaker, words=words)


def _moved(word: Word, placed: Placed, duration: Fraction) -> Word | None:
    """The word at its time in the film; None: it is outside."""
    start, end = (placed.sync.reference(Fraction(str(value))) for value in (word.start, word.end))
    if end <= 0 or start >= duration:
        return None
    return word.model_copy(update={"start": round(float(max(Fraction(0), start)), 3), "end": round(float(end), 3)})


def _says(word: Word, talking: "Talking") -> bool:
    first, last = int(word.start * STEPS) - _BESIDE, int(word.end * STEPS) + _BESIDE
    return bool(talking[max(0, first) : last + 1].any())
