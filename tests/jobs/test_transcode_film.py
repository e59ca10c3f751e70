"""What a GPU and what processors have encoded goes into one film only where it fits together."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from jobs.transcode_chunk import _pictures
from jobs.transcode_film import film_of_one_run, made_differently
from shared.core.settings import settings
from shared.media import probe
from shared.media.transcoding import TranscodePlan, TranscodeRequest, plan_transcode
from shared.transcodes import ChunkKind, TranscodeChunk
from tests.shared.media.clips import numbered


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


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A workplace whose GPU is said to decode."""
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "kompo-tests")
    settings.cache_clear()
    source = numbered(tmp_path / "source.mp4", 1)
    plan = plan_transcode(probe(source), TranscodeRequest(preset="ultrafast"))
    yield SimpleNamespace(
        plan=plan,
        source=source,
        fetch_source=lambda: source,
        folder=tmp_path,
        encoder="cpu",
        decoder="gpu",
        ffmpeg=None,
    )
    settings.cache_clear()


def test_what_decodes_is_told_of_a_film_of_one_run(place: Any) -> None:
    worker: Any = SimpleNamespace(report=lambda *_: None, stopped=False)
    film = film_of_one_run(place, worker)
    assert (film.decoders, film.fell_back is None) in (({"gpu"}, True), ({"cpu"}, False))


def test_what_decodes_is_told_of_a_chunk(place: Any, tmp_path: Path) -> None:
    piece = chunk(0, None).model_copy(update={"stop": place.plan.frames})
    hold: Any = SimpleNamespace(report=lambda _: None)
    work = _pictures(place, piece, hold, lambda: False, tmp_path)
    assert (work.encoder, work.decoder, work.fell_back is None) in (("cpu", "gpu", True), ("cpu", "cpu", False))
