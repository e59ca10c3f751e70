"""Steps: what a person asks for, in the words of the paper as it reads now; done, they are operations."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from shared.core.documents import Part
from shared.core.errors import FieldError
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.errors import UnknownWords
from shared.paper_editing.operations import Reason

WordNumber = Annotated[int, Field(ge=0, le=10**7, description="The place of a word in the transcript, from 0")]
Why = Annotated[str, Field(max_length=300, description="For whoever looks at the cut")]


class DeleteStep(Part):
    """Take out all words from one to another as they stand in the film; `keepTime`: only silence them."""

    kind: Literal["delete"]
    first: WordNumber
    last: WordNumber | None = None
    keep_time: bool = False
    reason: Why = ""


class RestoreStep(Part):
    """Bring all words from one to another, as they stand in the film, back."""

    kind: Literal["restore"]
    first: WordNumber
    last: WordNumber | None = None


class MoveStep(Part):
    """Put all words from one to another, as they stand in the film, before a word; as many as there are words: at the end."""

    kind: Literal["move"]
    first: WordNumber
    last: WordNumber
    before: WordNumber


class TightenStep(Part):
    """Take out seconds of the recording in which no word is said."""

    kind: Literal["tighten"]
    start: float = Field(ge=0)
    end: float = Field(gt=0)
    reason: Why = ""


Step = Annotated[DeleteStep | RestoreStep | MoveStep | TightenStep, Field(discriminator="kind")]


def take_steps(edit: PaperEdit, steps: Sequence[Step]) -> PaperEdit:
    """The edit after the steps, each taken on what the one before has left; several are one batch.

    Raises UnknownWords with an error at /operations/{number} for the step that cannot be taken."""
    after = edit
    for number, step in enumerate(steps):
        try:
            after = _taken(after, step)
        except UnknownWords as error:
            found = [
                FieldError(f"/operations/{number}/{each.pointer.rpartition('/')[2]}", each.detail, each.code)
                for each in error.errors
            ]
            raise UnknownWords(error.detail, errors=found) from error
    done = after.operations[len(edit.operations) :]
    return edit.do(done, batch=True) if len(done) > 1 else after


def _taken(edit: PaperEdit, step: Step) -> PaperEdit:
    match step:
        case DeleteStep():
            return edit.delete(
                step.first, step.last, keep_time=step.keep_time, reason=Reason(kind="manual", detail=step.reason)
            )
        case RestoreStep():
            return edit.restore(step.first, step.last)
        case MoveStep():
            return edit.move(step.first, step.last, step.before)
        case TightenStep():
            return edit.tighten(step.start, step.end, reason=Reason(kind="manual", detail=step.reason))
