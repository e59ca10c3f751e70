"""Sentences: the words of a transcript cut where a sentence ends, a long pause is made, or another person speaks."""

from collections.abc import Iterator, Sequence

from shared.transcripts import Word, ends_sentence

LONGEST_PAUSE = 1.0
"""Seconds without a word after which a new sentence begins, where nothing marks its end."""
MOST_WORDS = 60
"""Words of a sentence; what has no punctuation at all, as drafts have not, is cut at its longest pauses."""


def sentence_bounds(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """First and last place of every sentence, both included; together they are all words, in order."""
    first = 0
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else None
        if after is None or _ends(word, after):
            yield from _cut(words, first, place)
            first = place + 1


def _ends(word: Word, after: Word) -> bool:
    if word.speaker != after.speaker or after.start - word.end > LONGEST_PAUSE:
        return True
    return ends_sentence(word.word)


def _cut(words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    """The stretch, or where it is too long its parts, cut at the longest pause of its middle."""
    if last - first < MOST_WORDS:
        yield first, last
        return
    quarter = (last - first) // 4
    middle = range(first + quarter, last - quarter)
    cut = max(middle, key=lambda place: (words[place + 1].start - words[place].end, -abs(2 * place - first - last)))
    yield from _cut(words, first, cut)
    yield from _cut(words, cut + 1, last)
