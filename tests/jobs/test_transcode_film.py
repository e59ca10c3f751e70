"""What a GPU and what processors have encoded goes into one film only where it fits together."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from jobs.transcode_film import made_differently
from shared.media.transcoding import TranscodePlan
from shared.transcodes import ChunkKind, TranscodeChunk


def plan(codec: str) -> TranscodePlan:
    return cast("TranscodePlan", SimpleNamespace(renditions=[SimpleNamespace(codec=codec)]))


def chunk(place: int, encoder: str | None, kind: ChunkKind = ChunkKind.PICTURES) -> TranscodeChunk:
    given: dict[str, Any] = {"id": f"{kind}-{place}", "kind": kind, "weight": 1, "encoder": encoder}
    return TranscodeChunk(**given, expire_at=datetime.now(UTC))


@pytest.mark.parametrize("codec", ["hevc", "av1", "vp9"])
def test_what_a_gpu_made_is_made_again_where_others_fell_back(codec: str) -> None:
    chunks = [chunk(0, "gpu"), chunk(1, "cpu"), chunk(2, "gpu"), chunk(3, None, ChunkKind.SOUND)]
    assert [each.id for each in made_differently(plan(codec), chunks)] == ["pictures-0", "pictures-2"]


@pytest.mark.parametrize("encoder", ["gpu", "cpu"])
def test_what_one_kind_of_encoder_made_stays(encoder: str) -> None:
    chunks = [chunk(0, encoder), chunk(1, encoder), chunk(2, None, ChunkKind.SOUND)]
    assert made_differently(plan("hevc"), chunks) == []


def test_h264_of_both_stays() -> None:
    assert made_differently(plan("h264"), [chunk(0, "gpu"), chunk(1, "cpu")]) == []
