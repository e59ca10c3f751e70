"""Transcodes for tests: films of numbered frames, speeds that make several tasks worth their start, and what became of them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import requests

from shared.jobs import get_job
from shared.transcodes import Board, TranscodeChunk, learn_speeds
from tests.api import User
from tests.shared.media.clips import numbered

FINAL = {"succeeded", "failed", "cancelled"}
SLOW = {"start": 2.0, **{f"encode/cpu/h264/{preset}": 5_000.0 for preset in ("ultrafast", "medium", "slower")}}
"""As if a task needed minutes for what it does in a second."""


def film_with_sound(path: Path, seconds: int, *, rate: str = "25", size: str = "160x90") -> Path:
    """Numbered frames and a tone."""
    tone = ("-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}")
    return numbered(path, seconds, rate=rate, size=size, more=(*tone, "-c:a", "aac"))


def expect_slowness(user: User) -> None:
    """Let the user's transcodes be foreseen to be slow, whatever has been learnt."""
    for _ in range(12):
        learn_speeds(user.uid, SLOW)


def transcode(user: User, asset_id: str, **params: Any) -> requests.Response:
    """Ask for one."""
    return user.post(f"/v1/assets/{asset_id}/transcode", params)


def ended(user: User, answer: requests.Response, seconds: float = 120) -> dict[str, Any]:
    """The job that was asked for, once it has ended."""
    assert answer.status_code == 202, answer.text
    return user.settled(answer.headers["Location"], "state", FINAL, seconds)


def chunks_of(user: User, job_id: str) -> list[TranscodeChunk]:
    """The chunks of a job in the order of the film, then sound and sidecars."""
    chunks = Board(get_job(user.uid, job_id), None).chunks()
    return sorted(chunks, key=lambda chunk: (chunk.kind.value, chunk.start))


def fetched(user: User, job: dict[str, Any], folder: Path) -> Path:
    """The film that a job has made."""
    asset = user.get(f"/v1/assets/{job['outputs']['assetId']}").json()
    path = folder / f"{job['id']}{Path(asset['filename']).suffix}"
    path.write_bytes(requests.get(asset["downloadUrl"], timeout=60).content)
    return path


@dataclass(frozen=True)
class Heard:
    """What a decoder makes of a film: a hash of every frame with its time, and one of all samples."""

    frames: tuple[tuple[int, str], ...]
    samples: str


def decoded(path: Path) -> Heard:
    """Decode all of a film."""
    frames, samples = [], hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            digest = hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()
            frames.append((round((frame.time or 0) * 1e6), digest))
    with av.open(str(path)) as container:
        for sound in container.decode(audio=0):
            samples.update(sound.to_ndarray().tobytes())
    return Heard(tuple(frames), samples.hexdigest())
