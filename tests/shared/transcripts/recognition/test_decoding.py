"""Sound is decoded at the times at which a player plays it."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from shared.media import find_ffmpeg
from shared.transcripts import NoSound, TranscriptionCancelled
from shared.transcripts.recognition.decoding import decode

PICTURE = ("-f", "lavfi", "-i", "color=c=gray:s=64x64:r=25:d=4")


def ffmpeg(*arguments: str | Path) -> None:
    subprocess.run([find_ffmpeg().path, "-y", "-loglevel", "error", *arguments], check=True, timeout=60)


def test_a_sound_that_begins_after_the_picture_has_silence_before_it(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    tone = ("-itsoffset", "1.5", "-f", "lavfi", "-i", "sine=f=300:r=44100:d=2")
    ffmpeg(*PICTURE, *tone, "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac", film)
    sound = decode(film, tmp_path)
    loud = np.abs(sound.cut(0, 10)) > 0.01
    assert sound.duration == pytest.approx(4, abs=0.1)
    assert np.argmax(loud) / 16_000 == pytest.approx(1.5, abs=0.03)
    assert sound.seconds == pytest.approx(3.5, abs=0.05)


def test_all_channels_are_heard(tmp_path: Path) -> None:
    path = tmp_path / "two.flac"
    ffmpeg("-f", "lavfi", "-i", "aevalsrc=0|0.5*sin(2000*t):s=22050:d=1", path)
    samples = decode(path, tmp_path).cut(0, 1)
    assert samples.dtype == np.float32
    assert 0.2 < np.abs(samples).max() < 0.5


def test_a_film_without_sound_is_refused_with_a_reason(tmp_path: Path) -> None:
    film = tmp_path / "mute.mp4"
    ffmpeg(*PICTURE, "-c:v", "libx264", "-preset", "ultrafast", film)
    with pytest.raises(NoSound, match="no sound"):
        decode(film, tmp_path)


def test_decoding_can_be_stopped(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(TranscriptionCancelled):
        decode(recording, tmp_path, should_cancel=lambda: True)
