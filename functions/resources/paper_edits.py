"""/v1/paper-edits: words of a transcript are deleted, moved and restored, and a komposition of the recording follows."""

from collections.abc import Callable
from typing import Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.kompositions.models import Platform, StoredKomposition, Title, stored
from shared import paper_editing as paper
from shared.paper_editing import store

api = resource("paper-edits")
MAX_STEPS = 500


class Steps(WireModel):
    """What to do, in this order. Several steps are undone together."""

    operations: list[paper.Step] = Field(min_length=1, max_length=MAX_STEPS)


class NewPaperEdit(WireModel):
    """The transcript to edit, in its newest version."""

    transcript_id: Id
    title: Title | None = None


class ChangedPaperEdit(WireModel):
    """What shall be otherwise."""

    title: Title | None = None
    spacing: paper.Spacing | None = None


class OperationChange(WireModel):
    """Undo an operation, or do it again, whatever was done since."""

    undone: bool


class OperationPath(WireModel):
    """An operation of a paper edit."""

    id: Id
    operation: int = Field(ge=1)


class PaperVersionPath(WireModel):
    """A version of a paper edit."""

    id: Id
    version: int = Field(ge=1, le=2**53)


class Filming(WireModel):
    """How to make the komposition."""

    captions: dict[str, JsonValue] | None = Field(
        default=None, description="Show the words that are left: options of a caption track, such as its style"
    )
    rough: bool = Field(
        default=False, description="Cut by the words' times alone where the recording was not analysed yet"
    )
    overwrite: bool = Field(default=False, description="Also where the komposition was changed on its timeline since")
    platform: Platform = "webapp"


class PaperEditsQuery(PageQuery):
    """Which paper edits."""

    transcript_id: Id | None = Field(default=None, description="Only those of this transcript")


class PaperEditSummary(WireModel):
    """A paper edit as lists show it. `before` and `after`: seconds of the recording and of the film."""

    id: str
    title: str
    transcript_id: str
    transcript_version: int
    asset_id: str | None
    komposition_id: str | None
    komposition_version: int | None
    version: int
    cuts: int
    before: float
    after: float
    created: str
    modified: str
    message: str

    @classmethod
    def of(cls, summary: store.PaperEditSummary) -> "PaperEditSummary":
        """The wire form."""
        return cls.model_validate(summary.model_dump(mode="json", include=set(cls.model_fields)))


class PaperEdit(WireModel):
    """A paper edit: what was done, what is not in the film now and why, and the paper as it reads."""

    id: str
    title: str
    transcript_id: str
    transcript_version: int
    asset_id: str | None
    komposition_id: str | None
    komposition_version: int | None
    version: int
    before: float
    after: float
    created: str
    modified: str
    message: str
    spacing: paper.Spacing
    operations: list[paper.Operation]
    cuts: list[paper.Cut]
    paper: list[paper.PaperRun]


class PaperEditList(WireModel):
    """A page of paper edits or of versions."""

    items: list[PaperEditSummary]
    next_page_token: str | None


class CleanUpPreview(WireModel):
    """What would go, with the reason for each, and how long the film is before and after. Seconds."""

    cuts: list[paper.Cut]
    before: float
    after: float
    saved: float


@api.get("/v1/paper-edits", responses={200: PaperEditList})
def list_paper_edits(query: PaperEditsQuery) -> Response:
    """Your paper edits, the last changed first"""
    page = store.list_paper_edits(principal().uid, query.limit, query.page_token, query.transcript_id)
    items = [PaperEditSummary.of(each) for each in page.items]
    return answer(PaperEditList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/paper-edits", responses={201: PaperEdit})
@idempotent
def create_paper_edit(body: NewPaperEdit) -> Response:
    """Begin to edit a recording by its transcript"""
    made = store.create_paper_edit(principal().uid, resource_id(), body.transcript_id, title=body.title)
    return _told(made, 201, Location=f"/v1/paper-edits/{made.id}")


@api.get("/v1/paper-edits/<string:id>", responses={200: PaperEdit})
def get_paper_edit(path: IdPath) -> Response:
    """A paper edit at its newest version"""
    return _told(store.get_paper_edit(principal().uid, path.id))


@api.patch("/v1/paper-edits/<string:id>", responses={200: PaperEdit})
def patch_paper_edit(path: IdPath, body: ChangedPaperEdit) -> Response:
    """Give it another title, or other margins and pauses"""
    spacing = body.spacing
    return _changed(
        path.id,
        lambda found: found.edit.respaced(spacing) if spacing else found.edit,
        "Renamed" if body.title else "Spacing changed",
        {"title": body.title} if body.title else {},
    )


@api.delete("/v1/paper-edits/<string:id>", responses={204: None})
def delete_paper_edit(path: IdPath) -> Response:
    """Delete a paper edit with its versions; kompositions made from it stay"""
    store.delete_paper_edit(principal().uid, path.id, precondition().check)
    return no_content()


@api.post("/v1/paper-edits/<string:id>/operations", responses={200: PaperEdit})
@idempotent
def do_operations(path: IdPath, body: Steps) -> Response:
    """Delete, silence, restore or move words, or tighten pauses; send If-Match so that nobody's work is lost"""
    return _changed(path.id, lambda found: paper.take_steps(found.edit, body.operations), _named(body.operations))


@api.put("/v1/paper-edits/<string:id>/operations/<int:operation>", responses={200: PaperEdit})
def put_operation(path: OperationPath, body: OperationChange) -> Response:
    """Undo an operation, such as one cut of a clean-up, or do it again; the others stay"""

    def change(found: store.StoredPaperEdit) -> paper.PaperEdit:
        return found.edit.undo(path.operation) if body.undone else found.edit.redo(path.operation)

    return _changed(path.id, change, f"Operation {path.operation} {'undone' if body.undone else 'redone'}")


@api.post("/v1/paper-edits/<string:id>/undo", responses={200: PaperEdit})
@idempotent
def undo(path: IdPath) -> Response:
    """Undo the last operation that stands; of a clean-up all at once"""
    return _changed(path.id, lambda found: found.edit.undo(), "Undone")


@api.post("/v1/paper-edits/<string:id>/redo", responses={200: PaperEdit})
@idempotent
def redo(path: IdPath) -> Response:
    """Do again what was undone last"""
    return _changed(path.id, lambda found: found.edit.redo(), "Redone")


@api.post("/v1/paper-edits/<string:id>/clean-up/preview", responses={200: CleanUpPreview})
def preview_clean_up(path: IdPath, body: paper.CleanUp) -> Response:
    """What a clean-up of fillers, retakes and silences would take out, and what it saves; nothing is changed"""
    found = store.get_paper_edit(principal().uid, path.id)
    seen = paper.preview(found.edit, store.cleaned(found, body))
    return answer(CleanUpPreview(cuts=list(seen.cuts), before=seen.before, after=seen.after, saved=seen.saved))


@api.post("/v1/paper-edits/<string:id>/clean-up", responses={200: PaperEdit})
@idempotent
def clean_up(path: IdPath, body: paper.CleanUp) -> Response:
    """Take fillers, retakes and silences out: one batch, each cut with its reason, each undone on its own"""
    return _changed(path.id, lambda found: store.cleaned(found, body), f"Cleaned up: {', '.join(body.remove)}")


@api.post("/v1/paper-edits/<string:id>/transcript", responses={200: PaperEdit})
@idempotent
def follow_transcript(path: IdPath) -> Response:
    """Go over to the newest version of the transcript: words that were corrected, joined or split"""
    return _told(store.follow_transcript(principal().uid, path.id, check=precondition().check))


@api.post("/v1/paper-edits/<string:id>/komposition", responses={200: StoredKomposition, 201: StoredKomposition})
@idempotent
def film_paper(path: IdPath, body: Filming) -> Response:
    """Make the komposition that the paper describes, or the next version of it; what you added to it stays"""
    _, document = store.film_paper(
        principal().uid,
        path.id,
        resource_id(),
        captions=body.captions,
        rough=body.rough,
        overwrite=body.overwrite,
        platform=body.platform,
        check=precondition().check,
    )
    status = 201 if document.metadata.version == 1 else 200
    return stored(document, status, Location=f"/v1/kompositions/{document.id}")


@api.post("/v1/paper-edits/<string:id>/timeline", responses={200: PaperEdit})
@idempotent
def follow_timeline(path: IdPath) -> Response:
    """Take over into the paper what was done to its komposition on the timeline: one batch, undone at once"""
    return _told(store.follow_timeline(principal().uid, path.id, check=precondition().check))


@api.get("/v1/paper-edits/<string:id>/versions", responses={200: PaperEditList})
def list_paper_versions(path: IdPath, query: PageQuery) -> Response:
    """The versions of a paper edit, the newest first"""
    page = store.list_versions(principal().uid, path.id, query.limit, query.page_token)
    items = [PaperEditSummary.of(each) for each in page.items]
    return answer(PaperEditList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/paper-edits/<string:id>/versions/<int:version>", responses={200: PaperEdit})
def get_paper_version(path: PaperVersionPath) -> Response:
    """A paper edit as it was in one version"""
    return _told(store.get_paper_edit(principal().uid, path.id, path.version))


def _changed(
    identifier: str,
    change: Callable[[store.StoredPaperEdit], paper.PaperEdit],
    message: str,
    fields: dict[str, Any] | None = None,
) -> Response:
    check = precondition().check
    return _told(
        store.change_paper_edit(principal().uid, identifier, change, message=message, check=check, fields=fields)
    )


def _named(steps: list[Any]) -> str:
    if len(steps) > 1:
        return f"{len(steps)} operations"
    return {"delete": "Deleted", "restore": "Restored", "move": "Moved", "tighten": "Pause tightened"}[steps[0].kind]


def _told(found: store.StoredPaperEdit, status: int = 200, **headers: str) -> Response:
    told: dict[str, Any] = PaperEditSummary.of(found).model_dump(exclude={"cuts"})
    edit = found.edit
    wire = PaperEdit.model_construct(
        **told,
        spacing=edit.spacing,
        operations=list(edit.operations),
        cuts=list(edit.cuts),
        paper=list(edit.reading),
    )
    return answer(wire, status, etag=found.etag, **headers)
