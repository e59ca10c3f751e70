"""Retiming: words get the times of the same words as they were heard; those between, what is left between."""

from collections.abc import Sequence
from itertools import pairwise

from shared.transcripts.aligning.matching import matches
from shared.transcripts.spreading import spread
from shared.transcripts.transcript import Word
from shared.transcripts.wording import spoken_form

_LEAST = 0.05
"""Seconds that a word between two others is given at least, if they have it."""


def retimed(
    words: Sequence[str], heard: Sequence[Word], start: float, end: float, *, speaker: str | None = None
) -> list[Word]:
    """`words` with times between `start` and `end`: those of `heard` (in order of time) where they say the same, by letters and
    digits; the others share the time between their neighbours. Probabilities and speakers come with the times."""
    pairs = matches([spoken_form(word) for word in words], [spoken_form(word.word) for word in heard])
    known = {ours: heard[theirs] for ours, theirs in pairs if start <= heard[theirs].start and heard[theirs].end <= end}
    timed: list[Word | None] = [
        known[place].model_copy(update={"word": word, "speaker": known[place].speaker or speaker})
        if place in known
        else None
        for place, word in enumerate(words)
    ]
    return filled(words, timed, start, end, speaker=speaker)


def filled(
    words: Sequence[str], timed: Sequence[Word | None], start: float, end: float, *, speaker: str | None = None
) -> list[Word]:
    """Every word with a time: those that have none share the time between their neighbours, from `start` to `end`. Where there is
    none between, the neighbour before gives of its own."""
    done = list(timed)
    places = [-1, *(place for place, word in enumerate(timed) if word is not None), len(words)]
    for before, after in pairwise(places):
        if after - before < 2:
            continue
        first = done[before] if before >= 0 else None
        last = timed[after] if after < len(words) else None
        opens = first.end if first is not None else start
        closes = max(last.start if last is not None else end, opens)
        inner = list(words[before + 1 : after])
        if first is not None and closes - opens < _LEAST * len(inner) and closes > first.start:
            (_, stop), *times = spread([first.word, *inner], first.start, closes)
            done[before] = first.model_copy(update={"end": stop})
        else:
            times = spread(inner, opens, closes)
        for place, (begin, finish) in enumerate(times, before + 1):
            done[place] = Word(word=words[place], start=begin, end=finish, speaker=speaker)
    return [word for word in done if word is not None]
