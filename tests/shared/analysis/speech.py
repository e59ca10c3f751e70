"""Transcripts for tests, from text: words at an even pace, a breath after every sentence."""

from collections.abc import Sequence

from shared.transcripts import Segment, Transcript, Word

PACE = 0.35
"""Seconds from one word to the next."""
BREATH = 0.3
_TOGETHER = 20


def spoken(
    *turns: tuple[str, str] | str, language: str | None = "en", pauses: dict[int, float] | None = None
) -> Transcript:
    """What is said one after the other: texts, or pairs of who speaks and what. `pauses`: seconds after the word of a number."""
    words: list[Word] = []
    at = 0.0
    for turn in turns:
        speaker, text = (None, turn) if isinstance(turn, str) else turn
        for word in text.split():
            words.append(Word(word=word, start=round(at, 3), end=round(at + PACE * 0.85, 3), speaker=speaker))
            at += PACE + (BREATH if word[-1] in ".?!" else 0.0) + (pauses or {}).get(len(words) - 1, 0.0)
    segments = tuple(_segment(words[first : first + _TOGETHER]) for first in range(0, len(words), _TOGETHER))
    return Transcript(language=language, duration=at, segments=segments)


def _segment(words: Sequence[Word]) -> Segment:
    text = " ".join(word.word for word in words)
    return Segment(start=words[0].start, end=words[-1].end, text=text, words=tuple(words))
