"""Komposition documents for tests."""

from typing import Any

Document = dict[str, Any]

KINDS = {"video": "video", "other": "video", "tall": "video", "still": "image", "music": "audio"}


def segment(name: str, source: str, start: float, end: float, **more: Any) -> Document:
    """A segment as JSON."""
    return {"id": name, "sourceId": source, "startBeat": start, "endBeat": end, **more}


def transition(kind: str, first: str, second: str, duration: float) -> Document:
    """A transition as JSON."""
    return {"type": kind, "fromSegment": first, "toSegment": second, "duration": duration}


def document(*segments: Document, transitions: tuple[Document, ...] = (), **more: Any) -> Document:
    """A komposition of these segments as JSON, with a source for every name in KINDS, 60 bpm: a beat is a second."""
    sources = [{"id": name, "assetId": f"asset-{name}", "kind": kind} for name, kind in KINDS.items()]
    output = {"width": 320, "height": 180, "fps": 30, "preset": "ultrafast", "crf": 12}
    return {
        "bpm": 60,
        "sources": sources,
        "segments": list(segments),
        "transitions": list(transitions),
        "output": output,
        **more,
    }
