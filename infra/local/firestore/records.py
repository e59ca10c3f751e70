"""A stored document as queries look at it: parsed when first needed, its values encoded once."""

from .encoding import ARRAY, encode, encode_reference
from .field_paths import NAME, FieldPath, get_field
from .messages import Document


class Record:
    """One document under examination. `collection` is its collection's number, -1 when it is not known."""

    def __init__(self, blob: bytes, collection: int = -1, document_id: str = "") -> None:
        self.blob = blob
        self.collection = collection
        self.id = document_id
        self._document: Document | None = None
        self._encoded: dict[FieldPath, bytes | None] = {}

    @property
    def document(self) -> Document:
        """The parsed document. Not to be changed: copy it first."""
        if self._document is None:
            self._document = Document.FromString(self.blob)
        return self._document

    def value(self, path: FieldPath) -> bytes | None:
        """The encoded value of a field, or None when it is missing."""
        if path not in self._encoded:
            self._encoded[path] = self._encode(path)
        return self._encoded[path]

    def _encode(self, path: FieldPath) -> bytes | None:
        if path == NAME:
            return encode_reference(self.document.name)
        value = get_field(self.document.fields, path)
        return None if value is None else encode(value)

    def elements(self, path: FieldPath) -> set[bytes]:
        """The encoded elements of an array field; empty for everything else."""
        encoded = self.value(path)
        if encoded is None or not encoded.startswith(ARRAY):
            return set()
        value = get_field(self.document.fields, path)
        return {encode(element) for element in value.array_value.values} if value is not None else set()
