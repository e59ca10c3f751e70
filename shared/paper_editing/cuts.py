"""Cuts: everything that is not in the film now, why, and which operation to undo to have it back."""

from collections import defaultdict
from collections.abc import Sequence

from pydantic import Field

from shared.core.documents import Part
from shared.paper_editing.operations import Reason, Tightened
from shared.paper_editing.page import Page
from shared.transcripts import Word


class Cut(Part):
    """What one operation takes out, from `start` to `end` of the recording, in seconds. `seconds`: how much of it."""

    operation: int = Field(ge=1)
    reason: Reason
    text: str = Field(description="The words that go; empty for a pause")
    start: float
    end: float
    seconds: float
    silenced: bool = Field(default=False, description="Whether the picture stays")


class PaperRun(Part):
    """Words `first` to `last` of the transcript, which follow each other in the film: heard, or cut by one operation."""

    first: int
    last: int
    cut: int | None = Field(default=None, description="The operation that took them out")
    silenced: bool = Field(default=False, description="Seen and not heard")


def read_runs(page: Page) -> tuple[PaperRun, ...]:
    """The paper as it reads, all words of it, in the order of the film."""
    found: list[PaperRun] = []
    for place in page.order:
        word = page.elements[place].word
        if word is None:
            continue
        cut = page.cut[place].id if place in page.cut else None
        before = found[-1] if found else None
        if before is not None and before.last + 1 == word and before.cut == cut:
            found[-1] = before.model_copy(update={"last": word})
        else:
            found.append(PaperRun(first=word, last=word, cut=cut, silenced=page.is_silenced(place)))
    return tuple(found)


def find_cuts(page: Page, words: Sequence[Word]) -> tuple[Cut, ...]:
    """What is cut, in order of the recording's time."""
    places: dict[int, list[int]] = defaultdict(list)
    for place in sorted(page.cut):
        places[page.cut[place].id].append(place)
    operations = {operation.id: operation for operation in page.cut.values()}
    found = [_tightened(operation) for operation in page.tightened]
    for number, gone in places.items():
        elements = [page.elements[place] for place in gone]
        found.append(
            Cut(
                operation=number,
                reason=operations[number].reason,
                text=" ".join(words[element.word].word for element in elements if element.word is not None),
                start=min(element.start for element in elements),
                end=max(element.end for element in elements),
                seconds=round(sum(element.end - element.start for element in elements), 3),
                silenced=operations[number].keep_time,
            )
        )
    return tuple(sorted(found, key=lambda cut: (cut.start, cut.end, cut.operation)))


def _tightened(operation: Tightened) -> Cut:
    return Cut(
        operation=operation.id,
        reason=operation.reason,
        text="",
        start=operation.start,
        end=operation.end,
        seconds=round(operation.end - operation.start, 3),
    )
