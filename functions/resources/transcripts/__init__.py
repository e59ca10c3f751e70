"""/v1/transcripts: what is said in recordings: brought in from any format, edited, found in, in every version."""

from functions.resources.transcripts import conflicts, documents, editing, versions

RESOURCES = [documents.api, editing.api, versions.api, conflicts.api]

__all__ = ["RESOURCES"]
