"""The komposition of the demo: two videos and a still on a 120-bpm grid, a crossfade, and music under it."""

from typing import Any

BPM = 120
_BEAT = 60 / BPM


def demo_komposition(assets: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The body of PUT /v1/kompositions/{id}; `assets` gives id and media of `opening`, `still`, `closing` and `music`."""
    kinds = {"opening": "video", "still": "image", "closing": "video", "music": "audio"}
    sources = [{"id": name, "assetId": assets[name][0], "kind": kind} for name, kind in kinds.items()]
    first = _beats(assets["opening"][1]["duration"])
    last = _beats(assets["closing"][1]["duration"] - _BEAT)  # The wipe shows it a beat before its slot.
    still_ends, closing_ends = first + 8, first + 8 + last
    segments = [
        {"id": "one", "sourceId": "opening", "startBeat": 0, "endBeat": first, "scale": "cover", "fit": "freeze"},
        {"id": "two", "sourceId": "still", "startBeat": first, "endBeat": still_ends, "scale": "blur"},
        {"id": "three", "sourceId": "closing", "startBeat": still_ends, "endBeat": closing_ends, "scale": "blur"},
    ]
    crossfade = {"type": "crossfade", "duration": 2}
    return {
        "title": "Demo",
        "description": "Made by the demo",
        "platform": "webapp",
        "komposition": {
            "bpm": BPM,
            "sources": sources,
            "segments": segments,
            "transitions": [
                {**crossfade, "fromSegment": "one", "toSegment": "two"},
                {"type": "wipeleft", "duration": 1, "fromSegment": "two", "toSegment": "three"},
            ],
            "audio": {"music": {"sourceId": "music", "volume": 0.7, "fadeIn": 0.5, "fadeOut": 1.5}},
            "output": {"width": 1280, "height": 720, "fps": 30},
        },
    }


def _beats(duration: float) -> int:
    """How long a slot the video fills: 4 to 12 whole beats."""
    return max(4, min(12, int(duration / _BEAT)))
