"""What every engine does: one contract for all of them, on the same babble. A new engine is tested by being in `ENGINES`."""

import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.core.threads import running
from shared.media import find_ffmpeg
from shared.transcripts import Transcript, TranscriptionCancelled, UnknownEngine, transcribe
from shared.transcripts.engines import ENGINES, RATE, Engine, EngineMissing, UnknownLanguage, find_engine
from shared.transcripts.engines import Heard as Word
from shared.transcripts.engines.sphinx import PocketSphinx
from shared.transcripts.recognition.decoding import decode
from shared.transcripts.recognition.kept import KeptInFolder
from tests.shared.transcripts.conftest import SECONDS, SILENCE


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, whisper: Path) -> str:
    """Each engine by its name; Whisper with a model that was made at random."""
    return str(request.param)


@dataclass
class Heard:
    """What an engine has heard; how far it was said to be; the longest time for which nothing else of the process ran."""

    transcript: Transcript
    told: list[float]
    standstill: float


@pytest.fixture(scope="module")
def heard(engine: str, recording: Path) -> Heard:
    """The recording, transcribed."""
    told: list[float] = []
    with ticking() as gaps:
        transcript = transcribe(recording, engine=engine, language="en", on_progress=told.append)
    return Heard(transcript, told, max(gaps))


@pytest.fixture(scope="module")
def transcript(heard: Heard) -> Transcript:
    """What it has heard."""
    return heard.transcript


@contextmanager
def ticking() -> Iterator[list[float]]:
    """How long it takes from one tick to the next of a thread that ticks all the time."""
    gaps, done = [0.0], threading.Event()

    def tick() -> None:
        last = time.monotonic()
        while not done.wait(0.02):
            gaps.append(time.monotonic() - last)
            last = time.monotonic()

    with running(threading.Thread(target=tick), done):
        yield gaps


def test_every_word_has_a_time_within_the_speech_and_a_probability(transcript: Transcript) -> None:
    words = list(transcript.words)
    assert len(words) > 3
    assert [word.start for word in words] == sorted(word.start for word in words)
    for word in words:
        assert 0 <= word.start < word.end <= SECONDS
        assert word.probability is not None
        assert 0 <= word.probability <= 1
        assert not (SILENCE[0] + 1 < word.start and word.end < SILENCE[1] - 1), "nobody speaks here"


def test_the_text_is_made_of_the_words(transcript: Transcript) -> None:
    for segment in transcript.segments:
        assert segment.text.replace(" ", "") == "".join(word.word for word in segment.words)


def test_what_made_it_is_said_and_what_was_not_heard(transcript: Transcript, engine: str) -> None:
    assert transcript.origin is not None
    assert (transcript.origin.kind, transcript.origin.name) == ("engine", engine)
    assert transcript.origin.model
    assert transcript.origin.draft == (engine == "pocketsphinx")
    assert 2 < transcript.removed_by_vad < SECONDS - 3
    assert (transcript.language, transcript.duration) == ("en", pytest.approx(SECONDS, abs=0.01))


def test_progress_goes_forward_to_the_end(heard: Heard) -> None:
    assert heard.told == sorted(heard.told)
    assert heard.told[-1] == 1.0


def test_a_lease_can_be_renewed_and_a_cancel_heard_while_it_works(heard: Heard) -> None:
    assert heard.standstill < 2.0


def test_nothing_is_made_up_where_nobody_speaks(engine: str, tmp_path: Path) -> None:
    import wave

    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16_000 * 3))
    transcript = transcribe(tmp_path / "silence.wav", engine=engine)
    assert (transcript.segments, transcript.removed_by_vad, transcript.language) == ((), 3.0, None)


class Late(PocketSphinx):
    """Says a word a piece half a second late, and keeps whether the language was guessed."""

    guesses: ClassVar[list[bool]] = []

    def hear(self, pieces: Sequence[Any], language: str, *, guessed: bool = False) -> list[list[Word]]:
        self.guesses.append(guessed)
        return [[Word(" so", 0.6, len(piece) / RATE, 0.9)] for piece in pieces]


def test_words_are_put_to_the_voice_and_an_engine_is_told_whether_the_language_was(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Late, "longest", 3.0)
    monkeypatch.setitem(ENGINES, "late", lambda *_: Late())
    last = [list(transcribe(recording, engine="late", language=language).words)[-1] for language in (None, "en")]
    assert Late.guesses == [True] * (len(Late.guesses) // 2) + [False] * (len(Late.guesses) // 2)
    assert [word.start for word in last] == pytest.approx([SILENCE[1]] * 2, abs=0.15)


def test_a_voice_whose_two_channels_cancel_each_other_out_is_heard(recording: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wired wrongly.wav"
    upside_down = ("-t", "2", "-af", "pan=stereo|c0=c0|c1=-1*c0")
    subprocess.run([find_ffmpeg().path, "-v", "error", "-i", recording, *upside_down, wrong], check=True, timeout=60)
    assert list(transcribe(wrong, engine="pocketsphinx", language="en").words)


def test_pieces_of_any_length_are_heard_side_by_side(engine: str, recording: Path, tmp_path: Path) -> None:
    sound = decode(recording, tmp_path)
    with closing(find_engine(engine)) as found:
        heard = found.hear([sound.cut(0, 0.1), sound.cut(0, 2), sound.cut(7, 9)], found.language_code("en-GB"))
    assert len(heard) == 3
    assert heard[1]


def test_a_language_that_it_does_not_know_is_refused(engine: str) -> None:
    with closing(find_engine(engine)) as found, pytest.raises(UnknownLanguage, match="tlh"):
        found.language_code("tlh")


def test_it_stops_when_told_to(engine: str, recording: Path) -> None:
    begun, stop = threading.Event(), threading.Event()

    def on_progress(fraction: float) -> None:
        if fraction >= 0.06:
            begun.set()

    def end() -> None:
        begun.wait(20)
        stop.set()

    threading.Thread(target=end).start()
    with pytest.raises(TranscriptionCancelled):
        transcribe(recording, engine=engine, language="en", on_progress=on_progress, should_cancel=stop.is_set)


def test_the_same_sound_gives_the_same_words_and_is_not_heard_again(
    engine: str, recording: Path, tmp_path: Path, transcript: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = KeptInFolder(tmp_path / "kept")
    assert transcribe(recording, engine=engine, language="en", kept=kept) == transcript
    monkeypatch.setattr(type(find_engine(engine)), "hear", _never)
    assert transcribe(recording, engine=engine, language="en", kept=kept) == transcript
    kept.forget()
    assert not (tmp_path / "kept").exists()


def _never(self: Engine, pieces: object, language: str, *, guessed: bool) -> None:
    raise AssertionError("it was heard already")


def test_an_engine_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UnknownEngine, match="faster-whisper, pocketsphinx"):
        find_engine("siri")
    with pytest.raises(EngineMissing, match="en-us"):
        find_engine("pocketsphinx", model="small")
    with pytest.raises(EngineMissing, match="GPU"):
        find_engine("pocketsphinx", device="cuda")
