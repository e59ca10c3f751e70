"""PaperEdit: a transcript and everything that was done to it. Immutable: each change gives the next edit.

As JSON it holds all there is to it: read back, it is equal, and makes the same film."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

from pydantic import Field

from shared.core.documents import Part
from shared.core.errors import FieldError, InvalidInput
from shared.paper_editing.cuts import Cut, PaperRun, find_cuts, read_runs
from shared.paper_editing.errors import NothingToUndo, UnknownWords
from shared.paper_editing.operations import (
    Deleted,
    Moved,
    Operation,
    Reason,
    Restored,
    Tightened,
    WordRun,
    runs_of,
)
from shared.paper_editing.page import Element, Page, gaps, lay_elements, read_page
from shared.transcripts import Transcript, Word

MAX_OPERATIONS = 20_000


class Spacing(Part):
    """How much of the quiet around words stays where something was cut. Seconds."""

    margin: float = Field(
        default=0.1, ge=0, le=2, description="On each side of a cut between words, where the recording has so much"
    )
    pause: float = Field(
        default=0.06, ge=0, le=2, description="At the least between two words that a cut brings together"
    )


class PaperEdit(Part):
    """Words of `transcript` deleted, moved and restored, pauses tightened. `duration`: of the recording, seconds."""

    transcript: Transcript
    duration: float = Field(gt=0)
    operations: tuple[Operation, ...] = Field(default=(), max_length=MAX_OPERATIONS)
    spacing: Spacing = Spacing()

    @classmethod
    def of(cls, transcript: Transcript, duration: float | None = None) -> Self:
        """An edit in which nothing is done yet. `duration` is needed where the transcript does not tell the recording's."""
        last = max((word.end for word in transcript.words), default=0.0)
        known = duration if duration is not None else transcript.duration
        return cls(transcript=transcript, duration=max(known or 0.0, last, 0.001))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The transcript's, in its order: what operations name by number."""
        return tuple(self.transcript.words)

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """The recording's words and wordless stretches."""
        return lay_elements(self.words, self.duration)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Of each word its place among the elements."""
        return {element.word: element.place for element in self.elements if element.word is not None}

    @cached_property
    def page(self) -> Page:
        """What is left, and in which order."""
        return read_page(self.elements, self.places, self.operations)

    @cached_property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """The stretches of the recording, long or short, in which no word is said, in order of time."""
        return tuple(gaps(self.elements, self.duration))

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """Everything that is not in the film now, in order of the recording's time."""
        return find_cuts(self.page, self.words)

    @property
    def reading(self) -> tuple[PaperRun, ...]:
        """All words in the order of the film, run by run, with what took them out."""
        return read_runs(self.page)

    @property
    def text(self) -> str:
        """What is heard, as one line."""
        return " ".join(self.words[number].word for number in self.page.words)

    def delete(
        self, first: int, last: int | None = None, *, keep_time: bool = False, reason: Reason | None = None
    ) -> Self:
        """Take out the word, or all from `first` to `last` as they stand in the film."""
        runs = self.selected(first, last)
        return self.do([Deleted(runs=runs, keep_time=keep_time, reason=reason or Reason())])

    def restore(self, first: int, last: int | None = None) -> Self:
        """Bring the word, or all from `first` to `last` as they stand in the film, back."""
        return self.do([Restored(runs=self.selected(first, last))])

    def move(self, first: int, last: int, before: int) -> Self:
        """Put all from `first` to `last`, as they stand in the film, before a word, or (their number) at the end."""
        return self.do([Moved(runs=self.selected(first, last), before=before)])

    def tighten(self, start: float, end: float, *, reason: Reason | None = None) -> Self:
        """Take out a stretch in which no word is said."""
        return self.do([Tightened(start=start, end=end, reason=reason or Reason())])

    def selected(self, first: int, last: int | None = None) -> tuple[WordRun, ...]:
        """Every word from one to another, as they stand in the film. Raises UnknownWords."""
        last = first if last is None else last
        order = [word for place in self.page.order if (word := self.elements[place].word) is not None]
        places = {word: place for place, word in enumerate(order)}
        for name, word in (("first", first), ("last", last)):
            if word not in places:
                raise UnknownWords(f"There is no word {word}; there are {len(order)}.", pointer=f"/{name}")
        if places[first] > places[last]:
            raise UnknownWords(f"Word {last} comes before word {first} in the film.", pointer="/last")
        return runs_of(order[places[first] : places[last] + 1])

    def do(self, operations: Sequence[Operation], *, batch: bool = False) -> Self:
        """With more operations; as a `batch` they are undone together by `undo`. Raises UnknownWords and InvalidInput."""
        if len(self.operations) + len(operations) > MAX_OPERATIONS:
            raise InvalidInput(
                f"A paper edit has at most {MAX_OPERATIONS} operations. Begin a new one from its komposition."
            )
        first = max((each.id for each in self.operations), default=0) + 1
        marks = {"batch": first} if batch else {}
        done = tuple(
            operation.model_copy(update={"id": first + offset, "undone": None, "batch": None, **marks})
            for offset, operation in enumerate(operations)
        )
        problems = [problem for number, each in enumerate(done) for problem in self._problems(each, f"/{number}")]
        if problems:
            raise UnknownWords(problems[0].detail, errors=problems)
        return self._with((*self.operations, *done))

    def undo(self, operation: int | None = None) -> Self:
        """Undo one operation by its number, wherever it is; left out, the last one that stands, with its batch.

        Raises NothingToUndo."""
        standing = [each for each in self.operations if each.undone is None]
        chosen = self._chosen(standing, operation, "undo")
        turn = max((each.undone or 0 for each in self.operations), default=0) + 1
        return self._mark({each.id for each in chosen}, turn)

    def redo(self, operation: int | None = None) -> Self:
        """Do one operation again by its number; left out, what was undone last. Raises NothingToUndo."""
        undone = sorted((each for each in self.operations if each.undone), key=lambda each: each.undone or 0)
        if operation is None and undone:
            latest = [each.id for each in undone if each.undone == undone[-1].undone]
            return self._mark(set(latest), None)
        return self._mark({each.id for each in self._chosen(undone, operation, "redo")}, None)

    def respaced(self, spacing: Spacing) -> Self:
        """With other margins and pauses."""
        return self.model_copy(update={"spacing": spacing})

    def _chosen(self, candidates: Sequence[Operation], operation: int | None, what: str) -> list[Operation]:
        if operation is not None:
            found = [each for each in candidates if each.id == operation]
            if not found:
                raise NothingToUndo(f"There is no operation {operation} to {what}.", pointer="/operation")
            return found
        if not candidates:
            raise NothingToUndo(f"There is nothing to {what}.")
        last = candidates[-1]
        return [each for each in candidates if each is last or (last.batch and each.batch == last.batch)]

    def _mark(self, numbers: set[int], turn: int | None) -> Self:
        changed = (each.model_copy(update={"undone": turn}) if each.id in numbers else each for each in self.operations)
        return self._with(tuple(changed))

    def _with(self, operations: tuple[Operation, ...]) -> Self:
        following = self.model_copy(update={"operations": operations})
        # The copy has what was worked out for this one: all but the page is as true of it.
        following.__dict__.pop("page", None)
        return following

    def is_quiet(self, start: float, end: float) -> bool:
        """Whether no word is said from one moment of the recording to another."""
        place = bisect_right(self.gaps, start, key=lambda gap: gap[0]) - 1
        return place >= 0 and end <= self.gaps[place][1]

    def _problems(self, operation: Operation, pointer: str) -> Iterable[FieldError]:
        count = len(self.words)
        if isinstance(operation, Tightened):
            if not self.is_quiet(operation.start, operation.end):
                detail = f"Words are said between {operation.start:g} and {operation.end:g} s. Delete them instead."
                yield FieldError(f"{pointer}/start", detail, "word_cut")
            return
        for number, run in enumerate(operation.runs):
            if run.last >= count:
                yield FieldError(
                    f"{pointer}/runs/{number}", f"There is no word {run.last}; there are {count}.", "unknown_word"
                )
        if isinstance(operation, Moved):
            inside = any(run.first <= operation.before <= run.last for run in operation.runs)
            if operation.before > count or inside:
                detail = f"Words cannot be put before word {operation.before}: it is not there, or one of them."
                yield FieldError(f"{pointer}/before", detail, "unknown_word")
