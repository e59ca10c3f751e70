"""Writes: what Commit, BatchWrite and the Write stream do to documents, one after the other in one session."""

from collections.abc import Iterable

from .authorization import Access, Authorizer, Caller, Method
from .drafts import Draft
from .errors import AlreadyExists, FailedPrecondition, FirestoreError, InvalidArgument, NotFound
from .field_paths import FieldPath, delete_field, get_field, parse_field_path, set_field
from .index import Entry
from .limits import MAX_TRANSFORMS, check_document
from .messages import Document, DocumentTransform, Precondition, Write, WriteResult
from .names import DocumentName, parse_document
from .session import Session, version_of
from .timestamps import to_micros
from .transforms import apply_transform
from .verifications import verified_by


def apply_writes(
    session: Session,
    database: str,
    writes: Iterable[Write],
    drafts: Iterable[Draft | None],
    caller: Caller,
    authorizer: Authorizer,
) -> list[WriteResult]:
    """Carry out `writes`, with their drafts, in `session`. Raises FirestoreError for the first that fails, and the session must
    be dropped.

    Rights come before preconditions: whoever may not write a document is denied whether or not it is there."""
    asked = caller.claims is not None
    results, accesses = [], []
    before: dict[DocumentName, Document | None] = {}
    unmet: FirestoreError | None = None
    for write, draft in zip(writes, drafts, strict=True):
        name = target_of(write, database) if draft is None else draft.name
        current = session.read(name)
        before.setdefault(name, current)
        broken = _broken_precondition(name, current, write, session.version)
        unmet = unmet or broken
        if unmet is not None and not asked:
            raise unmet
        results.append(_apply(session, name, write, draft))
        if asked:
            method = _method(write, broken is None, before[name])
            accesses.append(Access(method, name.database, name.path, before[name], session.read(name)))
    if asked:
        authorizer.authorize(
            caller, accesses, lambda name: before[name] if name in before else session.read(name), session.read
        )
    if unmet is not None:
        raise unmet
    return results


def target_of(write: Write, database: str) -> DocumentName:
    """The document that a write is about. Raises InvalidArgument."""
    match write.WhichOneof("operation"):
        case "update":
            name = parse_document(write.update.name)
        case "delete":
            name = parse_document(write.delete)
        case "transform":
            name = parse_document(write.transform.document)
        case _:
            verified = verified_by(write)
            if verified is None:
                raise InvalidArgument("A write must have an operation: update, delete, verify or transform.")
            name = parse_document(verified)
    if name.database != database:
        raise InvalidArgument(
            f'Database "{name.database}" of document "{name}" does not match the request\'s "{database}".'
        )
    return name


def _method(write: Write, precondition_met: bool, before: Document | None) -> Method:
    """What a write takes the right to: where its precondition is not met, to what it was meant to do."""
    match write.WhichOneof("operation"):
        case None:
            return Method.GET  # to verify takes no more than to read
        case "delete":
            return Method.DELETE
    if precondition_met:
        return Method.CREATE if before is None else Method.UPDATE
    condition = write.current_document
    return Method.CREATE if condition.HasField("exists") and not condition.exists else Method.UPDATE


def _broken_precondition(
    name: DocumentName, current: Document | None, write: Write, version: int
) -> FirestoreError | None:
    """The error of a precondition that is not met."""
    if not write.HasField("current_document"):
        return None
    try:
        check_precondition(name, current, write.current_document, version)
    except FirestoreError as error:
        return error
    return None


def _apply(session: Session, name: DocumentName, write: Write, draft: Draft | None) -> WriteResult:
    if draft is not None:
        return _put(session, name, draft.document, WriteResult(), draft.entries)
    operation = write.WhichOneof("operation")
    if operation is None:
        return WriteResult()
    if operation == "delete":
        session.delete(name)
        return WriteResult()
    document = _updated(session.read(name), write)
    document.name = str(name)
    transforms = write.transform.field_transforms if operation == "transform" else write.update_transforms
    if len(transforms) > MAX_TRANSFORMS:
        raise InvalidArgument(f"A write can have {MAX_TRANSFORMS} field transforms, not {len(transforms)}.")
    result = WriteResult()
    result.transform_results.extend(_transformed(document, transforms, session.version))
    check_document(document)
    return _put(session, name, document, result)


def _put(
    session: Session, name: DocumentName, document: Document, result: WriteResult, entries: set[Entry] | None = None
) -> WriteResult:
    """Store a document unless that would change nothing, and say in the result when it has changed."""
    current = session.read(name)
    if current is not None and current.fields == document.fields:
        result.update_time.CopyFrom(current.update_time)
        return result
    session.put(name, document, entries)
    result.update_time.CopyFrom(document.update_time)
    return result


def check_precondition(name: DocumentName, current: Document | None, precondition: Precondition, version: int) -> None:
    """Raise NotFound, AlreadyExists or FailedPrecondition unless `current` is as the precondition wants it.

    Raises InvalidArgument for an update time after `version`, the commit's own: no document can have it."""
    match precondition.WhichOneof("condition_type"):
        case "exists" if precondition.exists and current is None:
            raise NotFound(f"No document to update: {name}")
        case "exists" if not precondition.exists and current is not None:
            raise AlreadyExists(f"Document already exists: {name}")
        case "update_time":
            stored, required = version_of(current), to_micros(precondition.update_time)
            if required > version:
                raise InvalidArgument(f"the required base version ({required}) lies in the future")
            if stored != required:
                raise FailedPrecondition(
                    f"the stored version ({stored}) does not match the required base version ({required})"
                )


def _updated(current: Document | None, write: Write) -> Document:
    document = Document()
    if write.WhichOneof("operation") == "transform" or write.HasField("update_mask"):
        if current is not None:
            document.CopyFrom(current)
        for path in _disjoint([parse_field_path(text) for text in write.update_mask.field_paths]):
            value = get_field(write.update.fields, path)
            if value is None:
                delete_field(document.fields, path)
            else:
                set_field(document.fields, path, value)
    else:
        document.CopyFrom(write.update)
    return document


def _disjoint(paths: list[FieldPath]) -> list[FieldPath]:
    known = set(paths)
    for path in paths:
        if any(path[:length] in known for length in range(1, len(path))):
            raise InvalidArgument(f"Conflicting field paths: {'.'.join(path)} lies inside another path of the mask.")
    return paths


def _transformed(document: Document, transforms: Iterable[DocumentTransform], micros: int) -> list[object]:
    return [apply_transform(document.fields, transform, micros) for transform in transforms]
