"""Documents as the system stores them, and valid writes of them."""

from typing import Any

from tests.rules.world import EARLIER, NOW, Data, Writes

SEGMENT: Data = {"id": "1", "sourceId": "s", "start": {"beats": 0}, "end": {"beats": 4}}
CONTENT: Data = {
    "schemaVersion": "2.0",
    "bpm": 120,
    "beatsPerMeasure": 4,
    "tempo": [],
    "sources": [{"id": "s", "kind": "video", "assetId": "a"}],
    "tracks": {"video": [{"segments": [SEGMENT]}]},
    "mix": {"originalVolume": 1},
    "outputs": [{"width": 1280}],
}

BODIES: dict[str, Data] = {
    "projects": {"kompositionIds": ["k"], "assetIds": ["a"]},
    "workflows": {"enabled": True, "nodes": [{"id": "n"}], "triggers": []},
}
"""What users make, besides the stamps."""

SETTINGS: Data = {"theme": "dark", "locale": "de-DE", "timeZone": "Europe/Berlin", "notifications": {}, "modified": NOW}


def account(uid: str, status: str = "active") -> Data:
    """users/{uid}"""
    return {"uid": uid, "plan": "free", "status": status, "analyticsOptOut": False, "created": EARLIER}


def komposition(kid: str, visibility: str = "private", shared_with: tuple[str, ...] = (), version: int = 1) -> Data:
    """users/owner/kompositions/{id}, as it was saved earlier."""
    return {
        "id": kid,
        "userId": "owner",
        "title": "Clip",
        "description": "",
        "metadata": {"created": EARLIER, "modified": EARLIER, "version": version, "platform": "webapp"},
        "komposition": CONTENT,
        "sharing": {"visibility": visibility, "sharedWith": list(shared_with)},
        "tags": ["summer"],
    }


def stamped(collection: str, kid: str, **fields: Any) -> Data:
    """users/owner/{collection}/{id}, as it was made earlier."""
    stamps = {"id": kid, "userId": "owner", "name": "Mine", "description": "", "created": EARLIER, "modified": EARLIER}
    return {**stamps, **BODIES[collection], **fields}


def begun_komposition(kid: str, **changes: Any) -> Writes:
    """The batch that makes a komposition, with its first version."""
    metadata = {"created": NOW, "modified": NOW, "version": 1, "platform": "webapp"}
    return recorded(kid, {**komposition(kid), "metadata": metadata, **changes})


def next_version(before: Data, **changes: Any) -> Writes:
    """The batch that saves the next version of a komposition."""
    version = before["metadata"]["version"] + 1
    metadata = {**before["metadata"], "modified": NOW, "version": version}
    return recorded(before["id"], {**before, "metadata": metadata, **changes})


def recorded(kid: str, after: Data) -> Writes:
    """A komposition together with the version of it."""
    path = f"users/owner/kompositions/{kid}"
    return {path: after, f"{path}/versions/{after['metadata']['version']}": after}
