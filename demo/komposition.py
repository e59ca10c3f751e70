"""The komposition of the demo: two videos and a still on a 120-bpm grid, a crossfade, a title, and music under it all."""

from typing import Any

BPM = 120
_BEAT = 60 / BPM


def demo_komposition(assets: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The body of PUT /v1/kompositions/{id}; `assets` gives id and media of `opening`, `still`, `closing` and `music`."""
    kinds = {"opening": "video", "still": "image", "closing": "video", "music": "audio"}
    sources = [{"id": name, "assetId": assets[name][0], "kind": kind} for name, kind in kinds.items()]
    first = _beats(assets["opening"][1]["duration"])
    last = _beats(assets["closing"][1]["duration"] - _BEAT)  # The wipe shows it a beat before its slot.
    still_ends, film_ends = first + 8, first + 8 + last
    segments = [
        {"id": "one", "sourceId": "opening", **_slot(0, first), "scale": "cover", "fit": "freeze"},
        {"id": "two", "sourceId": "still", **_slot(first, still_ends), "scale": "blur"},
        {"id": "three", "sourceId": "closing", **_slot(still_ends, film_ends), "scale": "blur"},
    ]
    transitions = [
        {"type": "crossfade", "duration": {"beats": 2}, "fromSegment": "one", "toSegment": "two"},
        {"type": "wipeleft", "duration": {"beats": 1}, "fromSegment": "two", "toSegment": "three"},
    ]
    clip = {"id": "tune", "sourceId": "music", **_slot(0, film_ends), "fadeIn": {"beats": 1}, "fadeOut": {"beats": 3}}
    title = {"id": "title", "kind": "text", "text": "Made with Kompo", **_slot(1, first - 1), "y": 0.85}
    return {
        "title": "Demo",
        "description": "Made by the demo",
        "platform": "webapp",
        "komposition": {
            "schemaVersion": "2.0",
            "bpm": BPM,
            "sources": sources,
            "tracks": {
                "video": [{"segments": segments, "transitions": transitions}],
                "audio": [{"id": "music", "volume": 0.7, "clips": [clip]}],
                "overlay": [{"items": [{**title, "fadeIn": {"beats": 1}, "fadeOut": {"beats": 1}}]}],
            },
            "outputs": [{"width": 1280, "height": 720, "fps": 30}],
        },
    }


def _slot(start: int, end: int) -> dict[str, Any]:
    return {"start": {"beats": start}, "end": {"beats": end}}


def _beats(duration: float) -> int:
    """How long a slot the video fills: 4 to 12 whole beats."""
    return max(4, min(12, int(duration / _BEAT)))
