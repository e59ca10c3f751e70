"""Kompositions to store."""

from typing import Any


def content(segments: int = 1, **more: Any) -> dict[str, Any]:
    """A canonical komposition of that many segments, a beat each."""
    return {
        "schemaVersion": "2.0",
        "sources": [{"id": "a", "kind": "video", "assetId": "x"}],
        "tracks": {
            "video": [
                {
                    "segments": [
                        {
                            "id": f"s{number}",
                            "sourceId": "a",
                            "start": {"beats": number},
                            "end": {"beats": number + 1},
                        }
                        for number in range(segments)
                    ]
                }
            ]
        },
        **more,
    }
