"""Bodies of the komposition API for tests."""

from typing import Any

from tests.shared.kompositions.store.contents import content


def body(title: str = "Mine", segments: int = 1, **more: Any) -> dict[str, Any]:
    """A komposition to save."""
    return {"title": title, "komposition": content(segments), **more}


def of_earlier(**more: Any) -> dict[str, Any]:
    """A komposition in the format of Kompo's first release."""
    return {
        "bpm": 100,
        "sources": [{"id": "a", "assetId": "x", "kind": "video"}],
        "segments": [{"id": "one", "sourceId": "a", "startBeat": 0, "endBeat": 4}],
        **more,
    }
