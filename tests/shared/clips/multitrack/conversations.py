"""Conversations of voices that nobody has, whose every word is known, and the recordings that would be made of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shared.media.syncing import RATE
from tests.shared.media.syncing.voices import Samples, recorded, voice, write

SPANS = {"ann": [(0.5, 8), (14, 20), (30, 41)], "bob": [(8.5, 13.5), (20.5, 29), (4, 4.5), (34, 34.4)]}
"""When each of two talks, seconds: in turns, but that Bob assents twice, shortly, while Ann talks."""
SECONDS = 42.0


@dataclass(frozen=True)
class Recorder:
    """A recorder: starts so many seconds into the conversation, for so long, on a clock slow by `drift` parts per million."""

    offset: float
    seconds: float
    drift: float = 0.0


def said(spans: list[tuple[float, float]], seed: int, pitch: float, seconds: float = SECONDS) -> Samples:
    """A voice that talks in these spans and at no other time."""
    mask = np.zeros(int(seconds * RATE), np.float32)
    for start, end in spans:
        mask[int(start * RATE) : int(end * RATE)] = 1
    return voice(seconds, seed, talks=1.0, pitch=pitch) * mask


def conversation() -> tuple[Samples, Samples]:
    """What Ann and Bob say."""
    return said(SPANS["ann"], 1, 110), said(SPANS["bob"], 2, 200)


def film(path: Path, sound: Samples, recorder: Recorder, color: str, *, rate: int = 10) -> Path:
    """What a recorder makes of the sound, seeing one colour."""
    heard = recorded(sound, offset=recorder.offset, drift=recorder.drift, seconds=recorder.seconds)
    picture = ("-f", "lavfi", "-i", f"color={color}:s=64x36:r={rate}:d={recorder.seconds}")
    coded = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k")
    return write(path, heard, *coded, picture=picture)
