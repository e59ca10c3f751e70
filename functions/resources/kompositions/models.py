"""Kompositions on the wire."""

from typing import Annotated, Any, Literal

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, WireModel, answer
from functions.http.problems import KINDS, ConflictKept, problem
from shared.core.errors import PreconditionFailed
from shared.kompositions import (
    MAX_TAGS,
    Finding,
    KompositionDocument,
    KompositionService,
    KompositionSummary,
    Read,
    SaveConflict,
    Visibility,
)

service = KompositionService()

Platform = Annotated[str, Field(pattern="^(mcp|komposteur|webapp|api)$")]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Description = Annotated[str, Field(max_length=5000)]
Message = Annotated[str, Field(max_length=500, description="What this version is about")]
Tags = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[^,/]*$")]], Field(max_length=MAX_TAGS)
]
Uid = Annotated[str, Field(pattern=r"^[^,/]{1,128}$", description="A user id")]
ConflictId = Annotated[str, Field(pattern=r"^conflict-[0-9a-f]{20}$")]
Content = Annotated[
    dict[str, JsonValue],
    Field(description="The canonical form is described by /schemas/komposition/2.0.json"),
]


class Metadata(WireModel):
    """When, in which version, from where, by whom."""

    created: str
    modified: str
    version: int
    platform: str
    author: str | None
    message: str


class Sharing(WireModel):
    """Who besides the owner may read."""

    visibility: Visibility
    shared_with: list[str]


class ForkedFrom(WireModel):
    """What a komposition was copied from."""

    user_id: str
    komposition_id: str
    version: int


class Komposition(WireModel):
    """A komposition as lists show it: all but its content."""

    id: str
    user_id: str
    title: str
    description: str
    metadata: Metadata
    sharing: Sharing
    tags: list[str]
    project_id: str | None
    forked_from: ForkedFrom | None
    deleted_at: str | None = Field(description="When it came into the trash; it stays there for 30 days")

    @classmethod
    def of(cls, summary: KompositionSummary) -> "Komposition":
        """The wire form."""
        fields: dict[str, Any] = summary.model_dump(mode="json", include=set(cls.model_fields))
        return cls.model_validate(fields)


class StoredKomposition(Komposition):
    """A komposition with its content in the canonical form."""

    komposition: Content


class Warned(WireModel):
    """Something that was understood, left out or looked odd: a JSON pointer into the document that was sent."""

    pointer: str
    code: str
    detail: str
    severity: Literal["error", "warning"]
    fix: str | None
    safe: bool = Field(description="Whether the fix changes nothing that is seen or heard")

    @classmethod
    def of(cls, finding: Finding) -> "Warned":
        """The wire form."""
        return cls(
            pointer=finding.pointer,
            code=finding.code,
            detail=finding.detail,
            severity=finding.severity.value,
            fix=finding.fix,
            safe=finding.safe,
        )


class SavedKomposition(StoredKomposition):
    """A komposition that was just saved: which format it had, and what was noticed on reading it."""

    variant: str
    warnings: list[Warned]


class KompositionList(WireModel):
    """A page of kompositions."""

    items: list[Komposition]
    next_page_token: str | None


class NewKomposition(WireModel):
    """A komposition to save. Left out, title, description, tags and project stay as they were."""

    title: Title | None = None
    description: Description | None = None
    platform: Platform = "webapp"
    message: Message = ""
    tags: Tags | None = None
    project_id: Id | None = None
    komposition: dict[str, JsonValue] = Field(
        description="A komposition of any known format; the canonical one is described by /schemas/komposition/2.0.json"
    )

    @property
    def labels(self) -> dict[str, Any]:
        """The tags and the project where they shall change."""
        return {name: getattr(self, name) for name in ("tags", "project_id") if getattr(self, name) is not None}


def stored(document: KompositionDocument, status: int = 200, **headers: str) -> Response:
    """The answer with a komposition."""
    return answer(_with_content(StoredKomposition, document), status, etag=document.etag, **headers)


def saved(document: KompositionDocument, read: Read, status: int = 200, **headers: str) -> Response:
    """The answer with a komposition that was just saved from a document."""
    told = {"variant": read.variant, "warnings": [Warned.of(each) for each in read.warnings]}
    return answer(_with_content(SavedKomposition, document, **told), status, etag=document.etag, **headers)


def summary(document: KompositionSummary, status: int = 200, **headers: str) -> Response:
    """The answer with a komposition without its content."""
    return answer(Komposition.of(document), status, etag=document.etag, **headers)


def conflict_problem(error: SaveConflict) -> Response:
    """The problem for a save that came too late: it says where the content is kept."""
    url = f"/v1/kompositions/{error.komposition_id}/conflicts/{error.conflict_id}"
    kept = ConflictKept(id=error.conflict_id, url=url)
    return problem(KINDS[PreconditionFailed], error.detail, conflict=kept)


def _with_content(model: type[StoredKomposition], document: KompositionDocument, **more: Any) -> StoredKomposition:
    """The content has been checked, or is as it was stored; it is not checked again, which takes long for a large one."""
    told = dict(Komposition.of(document))
    return model.model_construct(**told, komposition=document.komposition, **more)
