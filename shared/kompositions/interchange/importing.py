"""Importing a timeline of an editing program: total, like every import."""

from typing import Literal

from shared.kompositions.importing import Imported
from shared.kompositions.interchange.assembling import Read, assemble
from shared.kompositions.interchange.edl_reading import read_edl
from shared.kompositions.interchange.otio_reading import read_otio

MAX_BYTES = 64 * 1024 * 1024


def import_interchange(text: str | bytes, format: Literal["otio", "edl"] | None = None) -> Imported:  # noqa: A002
    """The komposition in an OTIO file or a CMX 3600 EDL, told apart by how they begin. Never raises.

    What could not be taken is in the findings; their pointers lead into the JSON, or are the index of a line of the EDL. Times
    are frames of the timeline's rate; each source has the name of its file as `url` and needs an asset."""
    read = Read()
    if len(text) > MAX_BYTES:
        read.findings.refuse("", "too_large", f"It is larger than {MAX_BYTES // 1024 // 1024} MB. Split it.")
        return Imported(None, format or "interchange", read.findings.all())
    content = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    variant = format or ("otio" if content.lstrip("\ufeff \t\r\n").startswith("{") else "edl")
    if variant == "otio":
        read_otio(content.lstrip("\ufeff"), read)
    else:
        read_edl(content, read)
    if any(finding.severity == "error" for finding in read.findings.all()):
        return Imported(None, variant, read.findings.all())
    return assemble(read, variant)
