"""Recordings that babble, and a models folder of the tests' own."""

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.footage.soundtrack import write_speech
from shared.core.settings import engine_settings
from tests.shared.transcripts.tiny_whisper import make_tiny_whisper

SECONDS = 9.0
"""Of `recording`."""
SILENCE = (4.0, 7.0)
"""Where nobody speaks in it."""


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of babble, three of silence, two of babble."""
    folder = tmp_path_factory.mktemp("recordings")
    write_speech(folder / "babble.wav", 6)
    with wave.open(str(folder / "babble.wav"), "rb") as file:
        shape, samples = file.getparams(), file.readframes(file.getnframes())
    second = shape.framerate * shape.sampwidth * shape.nchannels
    silent = bytes(3 * second)
    with wave.open(str(folder / "recording.wav"), "wb") as file:
        file.setparams(shape)
        file.writeframes(samples[: 4 * second] + silent + samples[4 * second :])
    return folder / "recording.wav"


@pytest.fixture
def models(tmp_path: Path) -> Iterator[Path]:
    """An empty models folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPO_MODELS", str(tmp_path / "models"))
        engine_settings.cache_clear()
        yield tmp_path / "models"
    engine_settings.cache_clear()


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A models folder with the tiny Whisper in it; its folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KOMPO_MODELS", str(tmp_path_factory.mktemp("models")))
        engine_settings.cache_clear()
        yield make_tiny_whisper()
    engine_settings.cache_clear()
