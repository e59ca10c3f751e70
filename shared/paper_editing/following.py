"""Following: what was done on the timeline of a komposition as operations on the paper it was made from."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from shared.kompositions import Clock, Komposition
from shared.paper_editing.composing import SOURCE
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.operations import Deleted, Moved, Operation, Reason, Restored, Tightened, runs_of

if TYPE_CHECKING:
    from shared.kompositions.model import AudioClip, Segment

_TIMELINE = Reason(kind="timeline", detail="Done on the timeline")
_LEAST_PAUSE = 0.08
"""Seconds: of a pause that is shorter by less, only the frames were moved."""


@dataclass(frozen=True)
class _Played:
    """Seconds of the recording that the film shows; `silent`: without their sound."""

    start: float
    end: float
    silent: bool


def follow(edit: PaperEdit, komposition: Komposition) -> PaperEdit:
    """The edit with one batch more, after which it says what the komposition shows: words taken out, brought back, moved.

    A word is shown where at least half of it is. Shown twice, its first place counts: paper has each word once. The same edit
    where nothing differs."""
    played = _played(komposition)
    shown, silent = _words(edit, played)
    order = [word for place in edit.page.order if (word := edit.elements[place].word) is not None]
    heard = set(edit.page.words)
    hushed = {word for word in order if edit.page.is_silenced(edit.places[word])}
    back = [word for word in order if word in shown and word not in silent and word not in heard]
    out = [word for word in order if word not in shown and (word in heard or word in hushed)]
    still = [word for word in order if word in silent and word not in hushed]
    operations: list[Operation] = []
    if back:
        operations.append(Restored(runs=runs_of(back), reason=_TIMELINE))
    if out:
        operations.append(Deleted(runs=runs_of(out), reason=_TIMELINE))
    if still:
        operations.append(Deleted(runs=runs_of(still), keep_time=True, reason=_TIMELINE))
    operations += _moves([word for word in order if word in shown], list(shown), len(edit.words))
    operations += _pauses(edit, played, list(shown))
    return edit.do(operations, batch=True) if operations else edit


def _played(komposition: Komposition) -> list[_Played]:
    """What the komposition plays of the recording, in the order of the film."""
    clock = Clock.of(komposition)
    shown = [
        (segment, track.muted)
        for track in komposition.tracks.video
        for segment in track.segments
        if segment.source_id == SOURCE and not segment.reverse
    ]
    heard = [
        (clip, track.muted)
        for track in komposition.tracks.audio
        if track.role == "speech"
        for clip in track.clips
        if clip.source_id == SOURCE and clip.end is not None
    ]
    found = [(clock.seconds(use.start), _played_by(use, clock, muted)) for use, muted in shown or heard]
    return [played for _, played in sorted(found, key=lambda each: each[0])]


def _played_by(use: "Segment | AudioClip", clock: Clock, muted: bool) -> _Played:
    begin = clock.length(use.source_start)
    length = clock.seconds(use.end or use.start) - clock.seconds(use.start)
    if use.source_duration is not None:
        wanted = clock.length(use.source_duration)
        length = wanted if use.fit in (None, "stretch") else min(length, wanted)
    return _Played(float(begin), float(begin + length), muted or use.muted)


def _words(edit: PaperEdit, played: Sequence[_Played]) -> tuple[dict[int, None], set[int]]:
    """The words that are shown, in order, and those of them that are not heard."""
    order = sorted(range(len(edit.words)), key=lambda number: edit.words[number].start)
    middles = [(edit.words[number].start + edit.words[number].end) / 2 for number in order]
    shown: dict[int, None] = {}
    silent: set[int] = set()
    for piece in played:
        for number in sorted(order[bisect_left(middles, piece.start) : bisect_right(middles, piece.end)]):
            if number not in shown:
                shown[number] = None
                if piece.silent:
                    silent.add(number)
    return shown, silent


def _moves(present: Sequence[int], wanted: Sequence[int], count: int) -> Iterator[Moved]:
    """The moves that bring words from one order into another: all but the longest run of them that is in order already."""
    places = {word: place for place, word in enumerate(present)}
    steady = {present[place] for place in _longest_in_order([places[word] for word in wanted])}
    block: list[int] = []
    following = count
    for word in reversed(wanted):
        if block and (word in steady or places[word] > places[block[-1]]):
            yield Moved(runs=runs_of(reversed(block)), before=following, reason=_TIMELINE)
            following, block = block[-1], []
        if word in steady:
            following = word
        else:
            block.append(word)
    if block:
        yield Moved(runs=runs_of(reversed(block)), before=following, reason=_TIMELINE)


def _longest_in_order(values: Sequence[int]) -> list[int]:
    """A longest rising part of the values (patience sorting)."""
    tops: list[int] = []
    piles: list[tuple[int, int]] = []
    for value in values:
        place = bisect_left(tops, value)
        piles.append((value, place))
        tops[place : place + 1] = [value]
    found: list[int] = []
    wanted, limit = len(tops) - 1, max(values, default=0) + 1
    for value, place in reversed(piles):
        if place == wanted and value < limit:
            found.append(value)
            wanted, limit = wanted - 1, value
    return found[::-1]


def _pauses(edit: PaperEdit, played: Sequence[_Played], shown: Sequence[int]) -> Iterator[Tightened]:
    """The pauses between words that stay neighbours of which the timeline shows less than the paper."""
    covered = sorted(
        [(piece.start, piece.end) for piece in played] + [(cut.start, cut.end) for cut in edit.page.tightened]
    )
    for word, following in pairwise(shown):
        start, end = edit.words[word].end, edit.words[following].start
        if following == word + 1 and end - start >= _LEAST_PAUSE:
            for first, last in _missing(start, end, covered):
                if last - first >= _LEAST_PAUSE and edit.is_quiet(first, last):
                    yield Tightened(start=first, end=last, reason=_TIMELINE)


def _missing(start: float, end: float, covered: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """What of a stretch none of the sorted spans covers."""
    for first, last in covered[: bisect_left(covered, (end, end))]:
        if last <= start:
            continue
        if first > start:
            yield start, first
        start = max(start, last)
    if start < end:
        yield start, end
