"""Where the content of a document is: in the document where Firestore takes it, else gzip'd in Cloud Storage.

Firestore takes a mebibyte, 20 levels, and no list directly in a list; a komposition can be larger, and what it keeps in `extra`
can have any shape. Callers of the package never see the difference."""

import json
from dataclasses import dataclass
from typing import Any

from shared.core.packed import Packed, delete_folder, download, pack, unpack

INLINE_BYTES = 600_000
"""The largest content in a document, in Firestore's way of counting."""
INLINE_ORIGINAL_BYTES = 200_000
"""The largest original in a version, compressed, beside the content."""
INLINE_LEVELS = 16
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class KeptContent:
    """Content that is kept. `fields` are what names it in a document."""

    fields: dict[str, Any]
    packed: Packed | None = None

    def confirm(self) -> None:
        """Look again once the document is written: what emptied the trash meanwhile may have taken the object with it."""
        if self.packed is not None:
            self.packed.confirm()


@dataclass(frozen=True)
class Original:
    """A document as it was sent, before it was read into the canonical model, and which variant it was."""

    variant: str
    document: Any


def keep_content(folder: str, content: dict[str, Any]) -> KeptContent:
    """Keep content for a document that is about to be written. The same twice in a folder of Cloud Storage is kept once."""
    if fits_inline(content):
        return KeptContent({"komposition": content})
    packed = pack(folder, content)
    packed.upload()
    return KeptContent({"content": {"object": packed.name, "size": packed.size}}, packed)


def load_content(stored: dict[str, Any]) -> dict[str, Any]:
    """The content that a document names, in the canonical form. What an earlier release wrote is upgraded."""
    named = stored.get("content")
    content: dict[str, Any] = download(named["object"]) if named else _as_json(stored["komposition"])
    return content if "schemaVersion" in content else _upgraded(content)


def keep_original(folder: str, original: Original) -> dict[str, Any]:
    """The field of a version that keeps the document as it was sent."""
    packed = pack(folder, original.document)
    kept: dict[str, Any] = {"variant": original.variant, "size": packed.size}
    if len(packed.data) <= INLINE_ORIGINAL_BYTES:
        return {"original": {**kept, "gzip": packed.data}}
    packed.upload()
    return {"original": {**kept, "object": packed.name}}


def load_original(stored: dict[str, Any]) -> Original | None:
    """The document as it was sent, or None when it was canonical then already."""
    kept = stored.get("original")
    if kept is None:
        return None
    return Original(kept["variant"], unpack(kept["gzip"]) if "gzip" in kept else download(kept["object"]))


def delete_content(folder: str) -> None:
    """Delete everything that is kept in a folder of Cloud Storage."""
    delete_folder(folder)


def fits_inline(content: dict[str, Any]) -> bool:
    """Whether Firestore takes the content as a field. Counts as https://firebase.google.com/docs/firestore/storage-size does."""
    size = 0
    level: list[tuple[Any, int]] = [(content, 1)]
    while level:
        value, depth = level.pop()
        if depth > INLINE_LEVELS:
            return False
        for name, part in value.items() if isinstance(value, dict) else (("", part) for part in value):
            if isinstance(value, dict) and not _is_field_name(name):
                return False
            if (isinstance(value, list) and isinstance(part, list)) or (isinstance(part, int) and part not in _INT64):
                return False
            size += len(name.encode()) + 1 + (len(part.encode()) + 1 if isinstance(part, str) else 8)
            if isinstance(part, dict | list):
                level.append((part, depth + 1))
        if size > INLINE_BYTES:
            return False
    return True


def _is_field_name(name: str) -> bool:
    return 0 < len(name) <= 300 and not (name.startswith("__") and name.endswith("__"))


def _as_json(content: dict[str, Any]) -> dict[str, Any]:
    """The field of a document as JSON: a browser can write what JSON does not know, such as times and places."""
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain


def _upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """Content of an earlier schema in the canonical one; as it is where that is not possible."""
    from shared.kompositions.importing import import_komposition

    komposition = import_komposition(content).komposition
    return komposition.to_json() if komposition is not None else content
