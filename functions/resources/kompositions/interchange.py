"""/v1/kompositions/import and /export: files of editing programs, and files of kompositions in any format."""

import re
from enum import StrEnum
from urllib.parse import quote

from flask import Response, make_response
from pydantic import Field

from functions.http.answers import IdPath, WireModel, answer
from functions.http.authentication import principal
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.kompositions.models import Komposition, Platform, Title, Uid, Warned, service
from shared.core.errors import InvalidInput
from shared.kompositions import Imported, import_all, invalid, known_media, read_imported

api = resource("interchange")

MAX_DOCUMENTS = 100
_UNSAFE = re.compile(r"[^\w.() +@-]")
_EDL = re.compile(r"^(TITLE:|FCM:|\d{3,6}\s+\S+\s+\S+\s+C\s)", re.MULTILINE)


class TextFormat(StrEnum):
    """What a file is: JSON of kompositions in any known format, OpenTimelineIO, or a CMX 3600 EDL."""

    JSON = "json"
    OTIO = "otio"
    EDL = "edl"


class ImportedText(WireModel):
    """The text of a file, of one or, in JSON, several documents."""

    text: str = Field(min_length=1)
    format: TextFormat | None = Field(default=None, description="Left out: what it looks like")
    fix: bool = Field(default=False, description="Apply the fixes that change nothing that is seen or heard")
    title: Title | None = Field(default=None, description="Of each; left out: their own")
    platform: Platform = "webapp"


class ImportResult(WireModel):
    """What became of a document: the komposition that was saved, or none where its findings have errors."""

    saved: Komposition | None
    variant: str
    findings: list[Warned]


class ImportResults(WireModel):
    """One result a document, in their order."""

    results: list[ImportResult]


class ExportFormat(StrEnum):
    """A file of OpenTimelineIO, of Final Cut Pro or Resolve, of Premiere, or a CMX 3600 EDL."""

    OTIO = "otio"
    FCPXML = "fcpxml"
    FCP7 = "fcp7"
    EDL = "edl"


class ExportQuery(WireModel):
    """Which file."""

    format: ExportFormat
    owner: Uid | None = Field(default=None, description="The user who shares it with you; left out: you")
    track: str | None = Field(default=None, max_length=128, description="Of an EDL: the id of its one video track")
    download: bool = Field(default=False, description="Answer with the file alone")


class Lost(WireModel):
    """Something that the file cannot carry."""

    pointer: str
    detail: str


class ExportedFile(WireModel):
    """A file for an editing program, and what of the komposition is not in it."""

    filename: str
    media_type: str
    text: str
    losses: list[Lost]


@api.post("/v1/kompositions/import", responses={201: ImportResults})
@idempotent
def import_kompositions(body: ImportedText) -> Response:
    """Save every komposition of a file: JSON of any known format, OpenTimelineIO, or an EDL. 422 when none can be"""
    read = _read(body)
    if len(read) > MAX_DOCUMENTS:
        detail = f"The file holds {len(read)} documents; at most {MAX_DOCUMENTS} are taken at once. Split it."
        raise InvalidInput(detail, pointer="/text")
    if not any(each.komposition for each in read):
        raise invalid(read[0], "")
    base = resource_id()
    results = [_save(each, body, base if number == 0 else f"{base}-{number}") for number, each in enumerate(read)]
    return answer(ImportResults(results=results), 201)


@api.get("/v1/kompositions/<string:id>/export", responses={200: ExportedFile})
def export_komposition(path: IdPath, query: ExportQuery) -> Response:
    """A file for an editing program, with a list of what it cannot carry"""
    from shared.kompositions.interchange import export_komposition as export

    uid = principal().uid
    document = service.get_open_komposition(uid, query.owner or uid, path.id)
    komposition = document.parse()
    media = known_media(document.user_id, komposition)
    exported = export(komposition, query.format.value, media=media, track=query.track)
    filename = f"{_UNSAFE.sub('_', document.title)}{exported.suffix}"
    if query.download:
        response = make_response(exported.text)
        response.content_type = f"{exported.media_type}; charset=utf-8"
        response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
        return response
    losses = [Lost(pointer=loss.pointer, detail=loss.detail) for loss in exported.losses]
    file = ExportedFile(filename=filename, media_type=exported.media_type, text=exported.text, losses=losses)
    return answer(file)


def _read(body: ImportedText) -> list[Imported]:
    format_ = body.format or _format_of(body.text)
    if format_ is TextFormat.JSON:
        return import_all(body.text, fix=body.fix)
    from shared.kompositions.interchange import import_interchange

    return [import_interchange(body.text, "edl" if format_ is TextFormat.EDL else "otio")]


def _format_of(text: str) -> TextFormat:
    begin = text[:10_000]
    if begin.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return TextFormat.OTIO if '"OTIO_SCHEMA"' in begin else TextFormat.JSON
    return TextFormat.EDL if _EDL.search(begin) else TextFormat.JSON


def _save(imported: Imported, body: ImportedText, komposition_id: str) -> ImportResult:
    findings = [Warned.of(each) for each in imported.findings]
    if imported.komposition is None:
        return ImportResult(saved=None, variant=imported.variant, findings=findings)
    document = service.create_komposition(
        principal().uid,
        komposition_id,
        read_imported(imported, body.text),
        title=body.title,
        platform=body.platform,
        message=f"Imported from {imported.variant}",
    )
    return ImportResult(saved=Komposition.of(document), variant=imported.variant, findings=findings)
