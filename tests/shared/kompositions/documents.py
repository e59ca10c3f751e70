"""Komposition documents for tests."""

from typing import Any

Document = dict[str, Any]

KINDS = {"video": "video", "other": "video", "tall": "video", "still": "image", "music": "audio"}


def beats(value: float | str) -> Document:
    """A time in beats; in `document`s a beat is a second."""
    return {"beats": value}


def segment(name: str, source: str, start: float, end: float, **more: Any) -> Document:
    """A segment as JSON. Plain numbers for its times are beats, for its place in the source and its fades too."""
    return {"id": name, "sourceId": source, "start": beats(start), "end": beats(end), **_timed(more)}


def clip(name: str, source: str, start: float = 0, end: float | None = None, **more: Any) -> Document:
    """A clip on an audio track as JSON, with times like those of `segment`."""
    ends = {} if end is None else {"end": beats(end)}
    return {"id": name, "sourceId": source, "start": beats(start), **ends, **_timed(more)}


def transition(kind: str, first: str, second: str, duration: float, **more: Any) -> Document:
    """A transition as JSON, with times like those of `segment`."""
    return {
        "type": kind,
        "fromSegment": first,
        "toSegment": second,
        "duration": beats(duration),
        **_timed(more),
    }


def track(name: str, *segments: Document, transitions: tuple[Document, ...] = (), **more: Any) -> Document:
    """A video track as JSON."""
    return {"id": name, "segments": list(segments), "transitions": list(transitions), **more}


def music(*clips: Document, name: str = "music", **more: Any) -> Document:
    """An audio track as JSON; without clips, the source `music` from start to end."""
    return {"id": name, "clips": list(clips) or [clip("music", "music")], **more}


def document(
    *segments: Document,
    transitions: tuple[Document, ...] = (),
    video: tuple[Document, ...] = (),
    audio: tuple[Document, ...] = (),
    output: Document | None = None,
    **more: Any,
) -> Document:
    """A komposition as JSON: these segments on one video track, or the tracks of `video`; a source for every name in KINDS;
    60 bpm, so that a beat is a second; 320x180 at 30 frames a second."""
    sources = [{"id": name, "assetId": f"asset-{name}", "kind": kind} for name, kind in KINDS.items()]
    small = {"width": 320, "height": 180, "fps": 30, "preset": "ultrafast", "crf": 12}
    tracks = {"video": list(video) or [track("video", *segments, transitions=transitions)], "audio": list(audio)}
    return {
        "schemaVersion": "2.0",
        "bpm": 60,
        "sources": sources,
        "tracks": tracks,
        "outputs": [small | (output or {})],
        **more,
    }


_TIMES = ("sourceStart", "sourceDuration", "fadeIn", "fadeOut", "offset")


def _timed(fields: Document) -> Document:
    return {
        name: beats(value) if name in _TIMES and isinstance(value, int | float) else value
        for name, value in fields.items()
    }
