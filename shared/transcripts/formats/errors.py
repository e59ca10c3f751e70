"""What can be wrong with a transcript that is read."""

from shared.core.errors import FieldError, InvalidInput


class MalformedTranscript(InvalidInput):
    """The file cannot be read as a transcript. `line`: where, counted from 1; None where only the whole of it is wrong.

    In JSON the place is a pointer into the document: `place`."""

    def __init__(self, detail: str, code: str, *, line: int | None = None, place: str | None = None) -> None:
        where = f"Line {line}: " if line is not None else f"At {place}: " if place else ""
        told = f"{where}{detail}"
        super().__init__(told, errors=[FieldError("/text", told, code)])
        self.line = line
        self.place = place
