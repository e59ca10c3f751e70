"""Archiving: all that is a user's in one file to take away: a zip of JSON lines, with links to the files."""

from shared.privacy.archiving.archive import write_archive
from shared.privacy.archiving.background import archive_of, carry_out, request_archive

__all__ = ["archive_of", "carry_out", "request_archive", "write_archive"]
