"""Aligning a transcript that somebody wrote to what an engine heard in the recording: their words, its times."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import fmean, median

from shared.transcripts.aligning.likeness import alike
from shared.transcripts.aligning.matching import matches
from shared.transcripts.building import Said, segments_of
from shared.transcripts.spreading import longest, spread
from shared.transcripts.transcript import Segment, Transcript, Word
from shared.transcripts.wording import spoken_form

_NEIGHBOURS = 10
"""Matches before and after one by which it is judged."""
_ASTRAY = 5.0
"""Seconds by which a match may be elsewhere than its neighbours: what is further away is the same word of another sentence."""
_NEAR = 2.0
"""Seconds around where a word that was not heard should be, in which something else that was heard may be it."""

Span = tuple[float, float]


@dataclass(frozen=True)
class Aligned:
    """A transcript with the times of what was heard. `matched`: the share of its words that were, as they are or alike,
    0 to 1. `moved`: by how many seconds its words were moved, in the middle of all."""

    transcript: Transcript
    matched: float
    moved: float


def align(written: Transcript, heard: Transcript) -> Aligned:
    """The words, speakers and sentences of `written` at the times of the same words in `heard`.

    Words that were not heard are put on what was heard near them and is not in `written`; where nothing was, they move as far as
    their neighbours. Nothing is left out, and nothing that was only heard comes in."""
    ours, theirs = list(written.words), list(heard.words)
    anchors = _anchors(ours, theirs)
    end = heard.duration or max([0.0, *(word.end for word in theirs), *(word.end for word in ours)])
    timed = _timed(ours, theirs, anchors, end)
    rest = iter(timed)
    segments = [_said(segment, list(islice(rest, len(segment.words)))) for segment in written.segments]
    shifts = [abs(one.start - other.start) for one, other in zip(ours, timed, strict=True)]
    aligned = written.model_copy(
        update={
            "segments": segments_of(segments),
            "duration": heard.duration or written.duration,
            "language": written.language or heard.language,
            "removed_by_vad": heard.removed_by_vad,
        }
    )
    return Aligned(aligned, len(anchors) / len(ours) if ours else 0.0, median(shifts) if shifts else 0.0)


def _anchors(ours: Sequence[Word], theirs: Sequence[Word]) -> list[tuple[int, int]]:
    """Places of words that are the same, and between those of words that are alike."""
    forms, heard = ([spoken_form(word.word) for word in words] for words in (ours, theirs))
    same = _steady([pair for pair in matches(forms, heard) if forms[pair[0]]], ours, theirs)
    between = [
        (here + 1 + one, there + 1 + other)
        for (here, there), (next_here, next_there) in pairwise([(-1, -1), *same, (len(ours), len(theirs))])
        for one, other in alike(forms[here + 1 : next_here], heard[there + 1 : next_there])
    ]
    return _steady(sorted((*same, *between)), ours, theirs) if between else same


def _steady(pairs: Sequence[tuple[int, int]], ours: Sequence[Word], theirs: Sequence[Word]) -> list[tuple[int, int]]:
    """Matches that are moved about as far as those around them."""
    moves = [theirs[there].start - ours[here].start for here, there in pairs]
    kept = []
    for place, pair in enumerate(pairs):
        usual = median(moves[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1])
        if abs(moves[place] - usual) <= _ASTRAY:
            kept.append(pair)
    return kept


def _timed(ours: Sequence[Word], theirs: Sequence[Word], anchors: Sequence[tuple[int, int]], end: float) -> list[Word]:
    timed: list[Word] = []
    edges = [(-1, -1), *anchors, (len(ours), len(theirs))]
    for (here, there), (next_here, next_there) in pairwise(edges):
        opens = theirs[there].end if there >= 0 else 0.0
        closes = theirs[next_there].start if next_there < len(theirs) else end
        inside = [pair for pair in ((here, there), (next_here, next_there)) if 0 <= pair[0] < len(ours)]
        moved = fmean([theirs[other].start - ours[one].start for one, other in inside] or [0.0])
        unknown = [(word.start, word.end) for word in theirs[there + 1 : next_there]]
        timed += _placed(ours[here + 1 : next_here], unknown, (opens, max(opens, closes)), moved)
        if next_here < len(ours):
            told = theirs[next_there]
            times = {"start": told.start, "end": told.end, "probability": told.probability}
            timed.append(ours[next_here].model_copy(update=times))
    return timed


def _placed(words: Sequence[Word], unknown: Sequence[Span], room: Span, moved: float) -> list[Word]:
    """Words between two that were heard: on what else was heard there, or moved as their neighbours were."""
    opens, closes = room
    if not words:
        return []
    earliest, latest = words[0].start + moved - _NEAR, words[-1].end + moved + _NEAR
    near = [(start, end) for start, end in unknown if start <= latest and end >= earliest]
    if near:
        times = _spoken(words, [(max(opens, start), min(closes, max(opens, end))) for start, end in near])
    else:
        times = [(word.start + moved, word.end + moved) for word in words]
        if times[0][0] < opens or times[-1][1] > closes:
            needed = sum(longest(word.word) for word in words)
            start = min(max(opens, times[0][0]), max(opens, closes - needed))
            times = spread([word.word for word in words], start, min(closes, start + needed))
    return [
        word.model_copy(update={"start": round(start, 3), "end": round(max(start, end), 3), "probability": None})
        for word, (start, end) in zip(words, times, strict=True)
    ]


def _spoken(words: Sequence[Word], spans: Sequence[Span]) -> list[Span]:
    """Words spread over the time in which something was said, not over the silence between."""
    whole = sum(max(0.0, end - start) for start, end in spans)
    shares = spread([word.word for word in words], 0.0, whole)
    return [(_at(start, spans, opening=True), _at(end, spans, opening=False)) for start, end in shares]


def _at(spoken: float, spans: Sequence[Span], *, opening: bool) -> float:
    """The moment when so many seconds of the spans are over. At an edge, `opening` is the start of the next one."""
    left = spoken
    for start, end in spans:
        length = max(0.0, end - start)
        if left < length - 1e-6 or (not opening and left <= length + 1e-6):
            return start + max(0.0, min(left, length))
        left -= length
    return spans[-1][1]


def _said(segment: Segment, words: Sequence[Word]) -> Said:
    if not words:
        return Said(segment.start, segment.end, (), segment.speaker, segment.text)
    return Said(words[0].start, max(word.end for word in words), words, segment.speaker, segment.text)
