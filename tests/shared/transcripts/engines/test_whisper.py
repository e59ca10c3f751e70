"""Whisper's own: many languages, models by size, a stammer heard again, and no word without a time."""

import zlib
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import faster_whisper
import numpy as np
import pytest

from shared.transcripts import transcribe
from shared.transcripts.engines import EngineFailed, EngineMissing, find_engine
from shared.transcripts.engines import whisper as module
from shared.transcripts.engines.child import RATE, Result, Whisper
from shared.transcripts.engines.process import EngineProcess
from shared.transcripts.engines.whisper import FasterWhisper, best_device, preferred
from shared.transcripts.recognition.decoding import decode
from shared.transcripts.weights import BrokenWeights, read_weights, seal
from tests.shared.transcripts.tiny_whisper import make_tiny_whisper


def test_the_language_is_found_out(whisper: Path, recording: Path) -> None:
    assert transcribe(recording).language == "de", "it takes everything for German"


def test_languages_are_named_as_the_world_names_them(whisper: Path) -> None:
    with closing(find_engine("faster-whisper")) as engine:
        codes = [engine.language_code(tag) for tag in ("pt-BR", "jv", "nb-NO", "cmn-Hans")]
    assert codes == ["pt", "jw", "no", "zh"]


def test_digits_have_times_as_other_words_have(whisper: Path, recording: Path) -> None:
    digits = [word for word in transcribe(recording, language="en").words if word.word[0].isdigit()]
    assert digits
    assert all(word.start < word.end for word in digits)


def test_the_best_model_that_is_there_is_used_by_the_device() -> None:
    there = ["base", "large-v3", "small", "tiny"]
    assert (preferred(there, "cpu"), preferred(there, "cuda")) == ("small", "large-v3")
    assert (preferred(["large-v3"], "cpu"), preferred(["ours"], "cuda"), preferred([], "cpu")) == (
        "large-v3",
        "ours",
        None,
    )


def test_without_weights_the_draft_is_made_and_whisper_says_how_to_get_them(models: Path) -> None:
    assert find_engine().name == "pocketsphinx"
    with pytest.raises(EngineMissing, match=r"python -m shared\.transcripts fetch"):
        find_engine("faster-whisper")
    with pytest.raises(EngineMissing, match=r"medium is not here.*transcripts fetch medium"):
        find_engine("faster-whisper", model="medium")


def test_weights_that_were_tampered_with_are_not_used(models: Path) -> None:
    folder = make_tiny_whisper("small")
    assert find_engine().model == "small"
    weights = folder / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    with pytest.raises(BrokenWeights, match=r"model\.bin"):
        find_engine()


@pytest.mark.parametrize("content", [b"", b"GGUF, which other programs read", b"PK" * 1000])
def test_a_model_that_is_no_whisper_says_so_and_where_it_is(models: Path, content: bytes) -> None:
    folder = make_tiny_whisper("small")
    (folder / "model.bin").write_bytes(content)
    seal("small", folder)
    with (
        closing(find_engine()) as engine,
        pytest.raises(BrokenWeights, match=rf"small in {folder} cannot be loaded on {best_device()}.*no Whisper model"),
    ):
        engine.language_code("en")


def test_a_model_without_its_tokenizer_does_not_go_to_the_network_for_it(models: Path) -> None:
    folder = make_tiny_whisper("small")
    (folder / "tokenizer.json").unlink()
    seal("small", folder)
    with pytest.raises(BrokenWeights, match=rf"small in {folder} has no tokenizer\.json"):
        find_engine()


def test_a_stammer_is_heard_again_without_repeats(models: Path, recording: Path, tmp_path: Path) -> None:
    make_tiny_whisper("stammering", seed=3, ending=3)
    with closing(FasterWhisper(read_weights("speech", "stammering"), "cpu")) as engine:
        (heard,) = engine.hear([decode(recording, tmp_path).cut(0, 4)], "en")
    assert heard
    text = "".join(word.text for word in heard).encode()
    assert len(text) / len(zlib.compress(text)) < 2.4


@pytest.mark.parametrize(
    ("told", "lasting", "stammers"),
    [({"avg_logprob": -0.07}, 0.3, False), ({"avg_logprob": -0.27}, 0.0, True), ({"avg_logprob": -0.69}, 0.3, True)],
    ids=["said again", "without any sound", "improbable"],
)
def test_who_says_the_same_again_does_not_stammer(told: dict[str, float], lasting: float, stammers: bool) -> None:
    """The figures are those of real models: of a slogan said fifteen times, and of what they make of speech run backwards."""
    said = " Buy it now and never look back." * 12
    times = [
        SimpleNamespace(word=f" {word}", start=n * 0.3, end=n * 0.3 + lasting) for n, word in enumerate(said.split())
    ]
    for word in times:
        word.probability = 0.97
    found = Result()
    found.add(segment(said, times, compression_ratio=8.4, **told))
    assert found.stammers is stammers
    assert len(found.words) == len(said.split())


@pytest.mark.parametrize(("probable", "count"), [(-0.1, 11), (-0.9, 4)], ids=["sure", "unsure"])
def test_where_words_end_before_the_speech_does_the_rest_is_heard_again(
    whisper: Path, monkeypatch: pytest.MonkeyPatch, probable: float, count: int
) -> None:
    """Whisper ends early where a sentence is said again and again."""

    class EndsEarly(faster_whisper.BatchedInferencePipeline):  # type: ignore[misc]
        """Hears a word a second, named by the loudness there, and four at most."""

        def transcribe(self, audio: Any, *, clip_timestamps: Any, **options: Any) -> Any:
            begins, first = clip_timestamps[0]["start"], len(audio) == 11 * RATE
            named = [round(float(level) * 100) for level in audio[RATE // 2 :: RATE][:4]]
            words = [
                SimpleNamespace(word=f" {name}", start=begins + n, end=begins + n + 1, probability=0.9)
                for n, name in enumerate(named)
            ]
            told = segment("".join(word.word for word in words), words, avg_logprob=-0.1 if first else probable)
            return [told], None

    monkeypatch.setattr(faster_whisper, "BatchedInferencePipeline", EndsEarly)
    sound = np.repeat(np.arange(11, dtype=np.float32) / 100, RATE)
    (heard,) = Whisper(str(whisper), "cpu", "int8", "1", "1").hear([sound], "en", guessed=False)
    assert [(int(text), start, end) for text, start, end, _ in heard] == [(n, n, n + 1) for n in range(count)]


@pytest.mark.parametrize(("guessed", "said"), [(True, " guten"), (False, " good")], ids=["guessed", "told"])
def test_what_makes_no_sense_in_the_language_that_was_guessed_is_heard_in_its_own(
    whisper: Path, monkeypatch: pytest.MonkeyPatch, guessed: bool, said: str
) -> None:
    """German speech, which the model takes for German."""

    class German(faster_whisper.BatchedInferencePipeline):  # type: ignore[misc]
        def transcribe(self, audio: Any, *, language: str, **options: Any) -> Any:
            word = SimpleNamespace(word=" guten" if language == "de" else " good", start=0.0, end=1.0, probability=0.5)
            return [segment(word.word, [word], avg_logprob=-0.2 if language == "de" else -1.08)], None

    monkeypatch.setattr(faster_whisper, "BatchedInferencePipeline", German)
    engine = Whisper(str(whisper), "cpu", "int8", "1", "1")
    (heard,) = engine.hear([np.zeros(RATE, np.float32)], "en", guessed)
    assert [word[0] for word in heard] == [said]


def test_a_gpu_is_made_to_compute_before_it_is_relied_on(whisper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CTranslate2 looks for cuBLAS at its first computation: a model is loaded without it."""

    class WithoutLibraries(faster_whisper.WhisperModel):  # type: ignore[misc]
        def __init__(self, folder: str, **options: Any) -> None:
            super().__init__(folder, device="cpu", compute_type="int8", cpu_threads=1)

        def encode(self, features: Any) -> Any:
            raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")

    monkeypatch.setattr(faster_whisper, "WhisperModel", WithoutLibraries)
    with pytest.raises(RuntimeError, match="libcublas"):
        Whisper(str(whisper), "cuda", "float16", "1", "1")
    Whisper(str(whisper), "cpu", "int8", "1", "1")


@pytest.fixture
def unusable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that is there, and of which CTranslate2 finds at its first computation that it cannot use it."""
    monkeypatch.setattr(module, "best_device", lambda: "cuda")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


def test_a_gpu_that_cannot_be_used_is_replaced_by_processors(
    whisper: Path, recording: Path, unusable: None, caplog: pytest.LogCaptureFixture
) -> None:
    assert find_engine("faster-whisper").device == "cuda"
    transcript = transcribe(recording, language="en")
    assert transcript.origin is not None
    assert transcript.origin.device == "cpu"
    assert list(transcript.words)
    assert "goes on with processors: the GPU failed (RuntimeError: CUDA failed" in caplog.text


def test_a_gpu_that_was_asked_for_and_cannot_be_used_is_an_error_that_says_why(whisper: Path, unusable: None) -> None:
    with (
        closing(find_engine("faster-whisper", device="cuda")) as engine,
        pytest.raises(
            EngineMissing, match=r"The GPU cannot be used \(RuntimeError: CUDA failed.*ask for the device cpu"
        ),
    ):
        engine.language_code("en")


@pytest.mark.parametrize("asked", [None, "cuda"])
def test_a_gpu_that_fails_in_the_middle_is_replaced_unless_it_was_asked_for(
    whisper: Path, recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Any
) -> None:
    """As when its memory runs out, or it falls off the bus."""
    works = EngineProcess.ask

    def ask(process: EngineProcess, method: str, *arguments: Any) -> Any:
        if engine.device == "cuda":
            raise EngineFailed("It failed.", "RuntimeError: CUDA failed with error out of memory")
        return works(process, method, *arguments)

    monkeypatch.setattr(module, "best_device", lambda: "cuda")
    monkeypatch.setattr(EngineProcess, "ask", ask)
    with closing(FasterWhisper(read_weights("speech", "tiny"), asked)) as engine:
        pieces = [decode(recording, tmp_path).cut(0, 2)]
        if asked is None:
            assert engine.hear(pieces, "en")[0]
            assert (engine.device, engine.batch) == ("cpu", 8)
        else:
            with pytest.raises(EngineFailed, match=r"The GPU failed while it worked .*out of memory.*smaller model"):
                engine.hear(pieces, "en")


def test_where_the_times_do_not_make_up_the_text_the_text_counts() -> None:
    found = Result()
    found.add(segment(" At 9 o'clock", [SimpleNamespace(word=" At", start=0.0, end=0.2, probability=1.0)]))
    assert [(word[0], word[1]) for word in found.words] == [(" At", None), (" 9", None), (" o'clock", None)]


def test_what_is_made_up_where_nobody_speaks_is_left_out() -> None:
    found = Result()
    found.add(segment(" Thank you.", [], no_speech_prob=0.9, avg_logprob=-1.4))
    assert found.words == []
    found.add(segment(" Thank you.", [], no_speech_prob=0.9, avg_logprob=-0.4))
    assert [word[0] for word in found.words] == [" Thank", " you."], "of this it is sure"


def segment(text: str, words: list[SimpleNamespace], **told: float) -> SimpleNamespace:
    """As faster-whisper gives it."""
    usual = {"no_speech_prob": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.0, "seek": 0}
    return SimpleNamespace(text=text, words=words, **{**usual, **told})
