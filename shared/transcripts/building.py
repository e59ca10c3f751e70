"""Building: words become segments and segments a transcript, with every promise of the model kept."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.transcripts.transcript import Segment, Word
from shared.transcripts.wording import joined

MOST_WORDS = 1000
MOST_CHARACTERS = 8000
"""Of a segment: what is longer becomes several."""


@dataclass(frozen=True)
class Said:
    """What is to be a segment: words with times, in any order, and their text as it was written."""

    start: float
    end: float
    words: Sequence[Word]
    speaker: str | None = None
    text: str | None = None


def segment_of(words: Sequence[Word], text: str | None = None, speaker: str | None = None) -> Segment:
    """Words in order as one segment, from the first's start to the last's end. At least one word."""
    return Segment(
        start=words[0].start,
        end=max(word.end for word in words),
        text=joined(word.word for word in words) if text is None else text,
        speaker=speaker if speaker is not None else words[0].speaker,
        words=tuple(words),
    )


def segments_of(told: Iterable[Said]) -> tuple[Segment, ...]:
    """Segments in order of time, none too long; those of one speaker do not overlap. What has no words is left out."""
    ordered = sorted((each for each in told if each.words), key=lambda each: (each.start, each.end))
    return tuple(segment for each in _apart(ordered) for segment in _bounded(each))


def _apart(ordered: Sequence[Said]) -> list[Said]:
    """Each ends before the next of the same speaker begins: its last words are cut short, not left out."""
    following: dict[str | None, float] = {}
    apart = []
    for each in reversed(ordered):
        limit = following.get(each.speaker)
        following[each.speaker] = each.start
        apart.append(each if limit is None or each.end <= limit else _until(each, limit))
    return apart[::-1]


def _until(said: Said, limit: float) -> Said:
    words = [
        word.model_copy(update={"start": min(word.start, limit), "end": min(word.end, limit)}) for word in said.words
    ]
    return Said(min(said.start, limit), limit, words, said.speaker, said.text)


def _bounded(said: Said) -> Iterator[Segment]:
    words = sorted(said.words, key=lambda word: word.start)
    words = [word if word.speaker is not None else word.model_copy(update={"speaker": said.speaker}) for word in words]
    text = joined(word.word for word in words) if said.text is None else said.text
    if len(words) <= MOST_WORDS and len(text) <= MOST_CHARACTERS:
        start, end = min(said.start, words[0].start), max(said.end, *(word.end for word in words))
        yield Segment(start=start, end=end, text=text, speaker=said.speaker, words=tuple(words))
        return
    yield from bounded(words, said.speaker)


def bounded(words: Sequence[Word], speaker: str | None) -> Iterator[Segment]:
    """Words in order as segments, none too long: one, where that will do."""
    part: list[Word] = []
    characters = 0
    for word in words:
        if part and (len(part) == MOST_WORDS or characters + len(word.word) + 1 > MOST_CHARACTERS):
            yield segment_of(part, speaker=speaker)
            part, characters = [], 0
        part.append(word)
        characters += len(word.word) + 1
    if part:
        yield segment_of(part, speaker=speaker)
