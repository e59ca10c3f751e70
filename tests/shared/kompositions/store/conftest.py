"""Users and kompositions to store."""

from typing import Any

import pytest

from shared.core.ids import new_id
from tests.cloud import RunningCloud


@pytest.fixture
def user(cloud: RunningCloud) -> str:
    """A new user's id."""
    return new_id()


@pytest.fixture
def reader(cloud: RunningCloud) -> str:
    """Another one's."""
    return new_id()


def content(segments: int = 1, **more: Any) -> dict[str, Any]:
    """A canonical komposition of that many segments, four beats each."""
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
                            "start": {"beats": 4 * number},
                            "end": {"beats": 4 * number + 4},
                        }
                        for number in range(segments)
                    ]
                }
            ]
        },
        **more,
    }
