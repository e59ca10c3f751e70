"""Rebasing: an edit of one version of a transcript as an edit of another, in which words were corrected, joined or split."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.operations import Moved, Operation, Tightened, WordRun, runs_of
from shared.transcripts import Transcript, Word

_LEAST = 0.01
"""Seconds that two words must share to be one another's."""


def rebase(edit: PaperEdit, transcript: Transcript) -> PaperEdit:
    """The same operations on the words of `transcript` that are said when those of the old one are.

    What names only words that are no longer there is left out; the rest keep their numbers, reasons and undoings."""
    target = PaperEdit.of(transcript, edit.duration).respaced(edit.spacing)
    matching = _Matching(edit.words, target.words)
    operations = tuple(found for each in edit.operations if (found := _carried(each, matching, target)) is not None)
    return target.model_copy(update={"operations": operations})


class _Matching:
    def __init__(self, old: Sequence[Word], new: Sequence[Word]) -> None:
        self._old, self._count = old, len(new)
        self._order = sorted(range(len(new)), key=lambda number: new[number].start)
        self._starts = [new[number].start for number in self._order]
        self._ends = [new[number].end for number in self._order]
        self._longest = max((word.end - word.start for word in new), default=0.0)

    def words(self, runs: Sequence[WordRun]) -> list[int]:
        """The new words for runs of old ones, in order, each once."""
        found = (word for run in runs for old in range(run.first, run.last + 1) for word in self._at(old))
        return list(dict.fromkeys(found))

    def following(self, old: int) -> int:
        """The first new word from an old one on; the end, if there is none."""
        for number in range(old, len(self._old)):
            if found := self._at(number):
                return found[0]
        return self._count

    def _at(self, old: int) -> list[int]:
        word = self._old[old]
        first = bisect_right(self._starts, word.start - self._longest - _LEAST)
        last = bisect_left(self._starts, max(word.end - _LEAST, word.start + _LEAST))
        return [
            self._order[place]
            for place in range(first, last)
            if self._ends[place] > min(word.start + _LEAST, word.end) or self._starts[place] == word.start
        ]


def _carried(operation: Operation, matching: _Matching, target: PaperEdit) -> Operation | None:
    if isinstance(operation, Tightened):
        return operation if target.is_quiet(operation.start, operation.end) else None
    words = matching.words(operation.runs)
    if not words:
        return None
    changes: dict[str, object] = {"runs": runs_of(words)}
    if isinstance(operation, Moved):
        changes["before"] = before = matching.following(operation.before)
        if before in words:
            return None
    return operation.model_copy(update=changes)
