"""Events of jobs: what they say of files."""

from pathlib import Path

_LONGEST_SUFFIX = 16


def suffix_of(filename: str) -> str | None:
    """What a file's name says of its format, if that is a word that events can hold."""
    suffix = Path(filename).suffix[1:].lower()
    return suffix if suffix.isascii() and suffix.isalnum() and len(suffix) <= _LONGEST_SUFFIX else None
