"""The manuscript: a transcript while it is edited. Words are found by their number, segments change, the rest stays."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby

from shared.transcripts.building import Said, bounded, segment_of, segments_of
from shared.transcripts.editing.finding import rewritten
from shared.transcripts.spreading import longest, spread
from shared.transcripts.transcript import Segment, Transcript, Word
from shared.transcripts.wording import words_in

LEAST_TIME = 0.05
"""Seconds that a new word has at least, if need be at the cost of its neighbour."""


class Manuscript:
    """A transcript's segments, to be changed in place."""

    def __init__(self, transcript: Transcript) -> None:
        self.segments = list(transcript.segments)

    def __len__(self) -> int:
        """How many words there are."""
        return sum(len(segment.words) for segment in self.segments)

    def finished(self) -> tuple[Segment, ...]:
        """The segments, in order of time, no speaker's overlapping."""
        said = [Said(each.start, each.end, each.words, each.speaker, each.text) for each in self.segments]
        return segments_of(said)

    def rewrite(self, first: int, last: int, text: str) -> None:
        """Write words anew; those of several segments become the first's. No text: they are gone."""
        (number, begins), (final, ends) = self._at(first), self._at(last)
        touched = self.segments[number : final + 1]
        head, tail = touched[0].words[:begins], touched[-1].words[ends + 1 :]
        old = [word for segment in touched for word in segment.words][begins:]
        new = rewritten(old[: last - first + 1], text)
        if number == final:
            self._put(number, final, [(touched[0], [*head, *new, *tail])])
        else:
            self._put(number, final, [(touched[0], [*head, *new]), (touched[-1], list(tail))])

    def insert(self, before: int, text: str) -> None:
        """Write what was not heard before a word, or at the end: in the segment of that word."""
        new = words_in(text)
        if not self.segments:
            self.segments = list(bounded(_timed(new, 0.0, sum(map(longest, new)), None), None))
            return
        number, at = self._at(before) if before < len(self) else self._end()
        segment = self.segments[number]
        words = list(segment.words)
        words[at:at] = _timed(new, *self._pause(number, at, new), segment.speaker)
        if words[at].end - words[at].start < LEAST_TIME:
            beside = slice(at - 1, at + len(new)) if at > 0 else slice(0, len(new) + 1)
            words[beside] = _shared(words[beside])
        self._put(number, number, [(segment, words)])

    def move(self, place: int, start: float, end: float) -> None:
        """Say when a word is said."""
        number, at = self._at(place)
        segment = self.segments[number]
        words = list(segment.words)
        words[at] = words[at].model_copy(update={"start": start, "end": end})
        self.segments[number] = segment_of(words, segment.text, segment.speaker)

    def around(self, place: int) -> tuple[float, float | None]:
        """The end of the speaker's word before, and the start of the one after, None after the last one."""
        number, at = self._at(place)
        speaker = self.segments[number].speaker
        ours = [segment.speaker == speaker for segment in self.segments]
        before = self._neighbour(number, at - 1) if at > 0 or (number > 0 and ours[number - 1]) else None
        goes_on = at + 1 < len(self.segments[number].words) or (number + 1 < len(ours) and ours[number + 1])
        after = self._neighbour(number, at + 1) if goes_on else None
        return before.end if before is not None else 0.0, after.start if after is not None else None

    def split(self, before: int) -> bool:
        """Begin a segment with a word. False: it begins one already."""
        number, at = self._at(before)
        if at == 0:
            return False
        segment = self.segments[number]
        self._put(number, number, [(segment, list(segment.words[:at])), (segment, list(segment.words[at:]))])
        return True

    def join(self, number: int) -> None:
        """Make a segment and the one after it one."""
        one, other = self.segments[number : number + 2]
        self._put(number, number + 1, [(one, [*one.words, *other.words])])

    def attribute(self, first: int, last: int, speaker: str | None) -> None:
        """Say who says some words; segments are split where speakers change."""
        (number, _), (final, _) = self._at(first), self._at(last)
        counted = self._counts()[number]
        changed: list[tuple[Segment, list[Word]]] = []
        for segment in self.segments[number : final + 1]:
            inside = [first <= counted + at <= last for at in range(len(segment.words))]
            counted += len(segment.words)
            for chosen, pairs in groupby(zip(inside, segment.words, strict=True), key=lambda pair: pair[0]):
                words = [word for _, word in pairs]
                if chosen:
                    words = [word.model_copy(update={"speaker": speaker}) for word in words]
                    changed.append((segment.model_copy(update={"speaker": speaker}), words))
                else:
                    changed.append((segment, words))
        self._put(number, final, changed)

    def _put(self, number: int, final: int, parts: Sequence[tuple[Segment, list[Word]]]) -> None:
        """Put words in the place of segments; each part has the speaker of its segment, and is nothing without words."""
        self.segments[number : final + 1] = [
            made
            for segment, words in parts
            for made in bounded(sorted(words, key=lambda word: word.start), segment.speaker)
        ]

    def _counts(self) -> list[int]:
        """How many words are before each segment, and in all of them."""
        return [0, *accumulate(len(segment.words) for segment in self.segments)]

    def _at(self, place: int) -> tuple[int, int]:
        counts = self._counts()
        number = bisect_right(counts, place) - 1
        return number, place - counts[number]

    def _end(self) -> tuple[int, int]:
        return len(self.segments) - 1, len(self.segments[-1].words)

    def _neighbour(self, number: int, at: int) -> Word | None:
        """A word of a segment, or the one next to it in the segment beside."""
        segment = self.segments[number]
        if 0 <= at < len(segment.words):
            return segment.words[at]
        beside = number - 1 if at < 0 else number + 1
        if not 0 <= beside < len(self.segments):
            return None
        return self.segments[beside].words[-1 if at < 0 else 0]

    def _pause(self, number: int, at: int, new: Sequence[str]) -> tuple[float, float]:
        """The silence before a word, no more of it than the new words need, next to the words of their segment."""
        before, after = self._neighbour(number, at - 1), self._neighbour(number, at)
        opens, needed = before.end if before is not None else 0.0, sum(map(longest, new))
        closes = max(opens, after.start) if after is not None else opens + needed
        return (max(opens, closes - needed), closes) if at == 0 else (opens, min(closes, opens + needed))


def _timed(words: Sequence[str], start: float, end: float, speaker: str | None) -> list[Word]:
    times = spread(words, start, end)
    return [
        Word(word=word, start=begin, end=stop, speaker=speaker)
        for word, (begin, stop) in zip(words, times, strict=True)
    ]


def _shared(words: Sequence[Word]) -> list[Word]:
    """Words that share their time anew: where there is no silence, the neighbour gives of its own."""
    times = spread([word.word for word in words], min(word.start for word in words), max(word.end for word in words))
    return [
        word.model_copy(update={"start": start, "end": end}) for word, (start, end) in zip(words, times, strict=True)
    ]
