"""The published JSON Schema of kompositions."""

from typing import Any

from shared.kompositions.model import SCHEMA_VERSION, Komposition

_EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "schemaVersion": "2.0",
        "title": "Two shots and a song",
        "bpm": 120,
        "sources": [
            {"id": "harbour", "kind": "video", "assetId": "asset-1"},
            {"id": "poster", "kind": "image", "assetId": "asset-2"},
            {"id": "song", "kind": "audio", "assetId": "asset-3"},
        ],
        "tracks": {
            "video": [
                {
                    "segments": [
                        {"id": "one", "sourceId": "harbour", "start": {"beats": 0}, "end": {"beats": 16}},
                        {"id": "two", "sourceId": "poster", "start": {"beats": 16}, "end": {"beats": 24}},
                    ],
                    "transitions": [
                        {"type": "crossfade", "fromSegment": "one", "toSegment": "two", "duration": {"beats": 2}}
                    ],
                }
            ],
            "audio": [
                {
                    "id": "music",
                    "clips": [{"id": "song", "sourceId": "song", "fadeOut": {"seconds": 1.5}}],
                    "ducking": {},
                }
            ],
        },
        "mix": {"loudness": -14},
        "outputs": [{"width": 1920, "height": 1080, "fps": 25}],
    },
    {
        "schemaVersion": "2.0",
        "sources": [{"id": "talk", "kind": "video", "assetId": "asset-1"}],
        "tracks": {
            "video": [
                {
                    "segments": [
                        {
                            "id": "answer",
                            "sourceId": "talk",
                            "start": {"seconds": 0},
                            "end": {"seconds": 12.5},
                            "sourceStart": {"seconds": 83.2},
                        }
                    ]
                }
            ]
        },
    },
)


def komposition_schema(version: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a version, with its address and examples. Raises KeyError for one there is not."""
    if version != SCHEMA_VERSION:
        raise KeyError(version)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/schemas/komposition/{version}.json",
        **Komposition.model_json_schema(by_alias=True),
        "examples": list(_EXAMPLES),
    }
