"""Kompositions to store."""

from typing import Any

from shared.assets import Asset, AssetState
from shared.core.clock import now


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


def keep_asset(user_id: str) -> None:
    """Let the user have the asset that `content` shows: ready, 200 MB, not probed."""
    asset = Asset(
        id="x",
        user_id=user_id,
        state=AssetState.READY,
        filename="x.mp4",
        content_type="video/mp4",
        size=200_000_000,
        created=now(),
        modified=now(),
    )
    asset.reference.set(asset.document())
