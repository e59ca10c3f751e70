"""/v1/kompositions: users' kompositions, versioned, shared, checked and rendered."""

from functions.resources.kompositions import (
    checking,
    documents,
    interchange,
    multitrack,
    rendering,
    sharing,
    versions,
)

RESOURCES = [documents.api, versions.api, sharing.api, checking.api, interchange.api, multitrack.api, rendering.api]

__all__ = ["RESOURCES"]
