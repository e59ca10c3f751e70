"""How fast speech is transcribed: times real time, by engine, and of each step. Goal of Whisper small, int8: 15 on 8 threads.

`python -m bench.speech [FILE]`. Without a file it is a minute of babble: as long as speech to every step, but not as full of
words. Whisper runs with the models that are on this machine; where there are none, with one like `base` that was made at random:
it listens as a real one does but says less, so it is the least that a real one takes. The baseline is decoding the sound."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from demo.footage.soundtrack import write_speech
from shared.core.settings import engine_settings
from shared.transcripts import transcribe
from shared.transcripts.recognition.decoding import Sound, decode
from shared.transcripts.recognition.speakers import who_speaks
from shared.transcripts.recognition.splitting import split
from shared.transcripts.recognition.timing import TimedWord
from shared.transcripts.recognition.voice import speech_curve, speech_spans
from shared.transcripts.weights import weights_there
from tests.shared.transcripts.tiny_whisper import Shape, make_tiny_whisper

T = TypeVar("T")
SECONDS = 60.0
GOAL = 15.0
BASE = Shape(width=512, layers=6, heads=8)
"""Of Whisper `base`: 74 million parameters."""


def main() -> None:
    """Measure and print the table."""
    with TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "babble.wav"
        if len(sys.argv) == 1:
            write_speech(path, SECONDS)
        threads = os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0))
        print(f"{path.name}, {threads} thread(s), load {os.getloadavg()[0]:.1f}")
        print(f"{'':<34}{'seconds':>9}{'x real time':>13}{'x baseline':>12}")
        _steps(path, Path(folder))
        _engine(path, "pocketsphinx", None)
        with _models(Path(folder)) as models:
            for model in models:
                _engine(path, "faster-whisper", model)


def _steps(path: Path, folder: Path) -> None:
    sound, baseline = _timed(lambda: decode(path, folder))
    _report("decode (baseline)", sound.duration, baseline, baseline)
    curve, took = _timed(lambda: speech_curve(sound))
    _report("find speech", sound.duration, took, baseline)
    spans = speech_spans(curve, sound.seconds)
    _, took = _timed(lambda: split(spans, curve, 29.0))
    _report("split", sound.duration, took, baseline)
    _, took = _timed(lambda: who_speaks(sound, _words(sound)))
    _report("tell speakers", sound.duration, took, baseline)


def _engine(path: Path, engine: str, model: str | None) -> None:
    found, took = _timed(lambda: transcribe(path, engine=engine, model=model, language="en", speakers=1))
    assert found.origin is not None
    words = list(found.words)
    assert all(word.start < word.end for word in words), "a word without a time"
    name = f"{engine} {found.origin.model}, {found.origin.device}"
    _report(name, found.duration or 0.0, took, None)
    print(f"{'':<34}{len(words)} words, none without a time; {found.removed_by_vad:.1f} s without speech")


def _words(sound: Sound) -> list[TimedWord]:
    """One every 0.4 s, as if somebody spoke all the time."""
    return [TimedWord(" word", at * 0.4, at * 0.4 + 0.35, 1.0) for at in range(int(sound.seconds / 0.4))]


@contextmanager
def _models(folder: Path) -> Iterator[list[str]]:
    """The Whisper models on this machine, or one made at random."""
    there = weights_there("speech")
    if there:
        yield there
        return
    os.environ["KOMPO_MODELS"] = str(folder / "models")
    engine_settings.cache_clear()
    make_tiny_whisper("base-at-random", shape=BASE)
    yield ["base-at-random"]


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    found = call()
    return found, time.perf_counter() - began


def _report(name: str, duration: float, took: float, baseline: float | None) -> None:
    ratio = "" if baseline is None else f"{took / baseline:>12.1f}"
    goal = f"   goal {GOAL:.0f} on 8 threads (small)" if name.startswith("faster") else ""
    print(f"{name:<34}{took:>9.2f}{duration / took:>13.1f}{ratio}{goal}")


if __name__ == "__main__":
    main()
