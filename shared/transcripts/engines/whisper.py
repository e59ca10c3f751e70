"""Whisper by faster-whisper: many languages, punctuation, words as good as the weights are."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from statistics import fmean
from typing import TYPE_CHECKING, Any

from shared.transcripts.engines.engine import RATE, Device, Heard
from shared.transcripts.engines.errors import EngineMissing, UnknownLanguage
from shared.transcripts.weights import FETCH_LINE, Weights, read_weights, weights_there

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples

NAME = "faster-whisper"
COMPUTE: Mapping[Device, str] = {"cpu": "int8", "cuda": "float16"}
BATCH: Mapping[Device, int] = {"cpu": 8, "cuda": 16}
PREFERRED: Mapping[Device, Sequence[str]] = {
    "cpu": ("small", "base", "tiny", "medium", "large-v3-turbo", "large-v3"),
    "cuda": ("large-v3-turbo", "large-v3", "medium", "small", "base", "tiny"),
}
"""Which model is used of those that are there: on processors the best that is faster than the recording."""
_BCP_47 = {"jw": "jv", "no": "nb"}
_WHISPERS = {"jv": "jw", "nb": "no", "cmn": "zh", "iw": "he", "fil": "tl", "in": "id"}
_FRAMES = 100
"""A second, as Whisper counts."""
_REPEATS, _UNSURE, _NO_SPEECH = 2.4, -1.0, 0.6
"""Whisper's own bounds: how well a text may compress; how improbable it is, and how probably nobody speaks, if nobody does."""
_NO_REPEAT = 3
"""Words in a row that do not come twice in a piece that came out as a stammer."""


class FasterWhisper:
    """Hears with CTranslate2: int8 on processors, float16 on a GPU, many pieces at a time."""

    name = NAME
    draft = False
    longest = 29.0

    def __init__(self, weights: Weights, device: Device | None = None) -> None:
        self.model: str | None = weights.name
        self.device: Device = device or best_device()
        self.batch = BATCH[self.device]
        self._weights = weights

    def language_code(self, language: str) -> str:
        """By its primary subtag: `pt-BR` is heard as `pt`."""
        tag = language.split("-")[0].lower()
        code = _WHISPERS.get(tag, tag)
        if code not in self._whisper.supported_languages:
            raise UnknownLanguage(f"The model {self.model} does not know the language {language}.", pointer="/language")
        return code

    def detect_language(self, pieces: Sequence["Samples"]) -> Mapping[str, float]:
        """The mean over the pieces."""
        if not self._whisper.model.is_multilingual:
            return {"en": 1.0}
        told: dict[str, list[float]] = {}
        for piece in pieces:
            for code, probability in self._whisper.detect_language(piece)[2]:
                told.setdefault(_BCP_47.get(code, code), []).append(probability)
        return {tag: fmean(probabilities) for tag, probabilities in told.items()}

    def hear(self, pieces: Sequence["Samples"], language: str) -> list[list[Heard]]:
        """All pieces at a time; one that came out as a stammer again, without repeats. None of a piece in which nobody speaks."""
        heard = self._hear(pieces, language)
        return [
            self._hear([piece], language, no_repeat_ngram_size=_NO_REPEAT)[0].words if result.stammers else result.words
            for piece, result in zip(pieces, heard, strict=True)
        ]

    def close(self) -> None:
        """It holds nothing but memory."""

    def _hear(self, pieces: Sequence["Samples"], language: str, **options: Any) -> list["_Result"]:
        import numpy as np

        ends = list(accumulate(len(piece) for piece in pieces))
        starts = [end - len(piece) for end, piece in zip(ends, pieces, strict=True)]
        segments, _ = self._pipeline.transcribe(
            np.concatenate(pieces),
            language=language,
            clip_timestamps=[
                {"start": start / RATE, "end": end / RATE} for start, end in zip(starts, ends, strict=True)
            ],
            batch_size=self.batch,
            word_timestamps=True,
            without_timestamps=True,
            **options,
        )
        results = {int(start / RATE * _FRAMES): _Result() for start in starts}
        for segment in segments:
            results[segment.seek].add(segment)
        return list(results.values())

    @cached_property
    def _whisper(self) -> Any:
        from faster_whisper import WhisperModel

        threads = int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))
        folder = str(self._weights.folder)
        return WhisperModel(folder, device=self.device, compute_type=COMPUTE[self.device], cpu_threads=threads)

    @cached_property
    def _pipeline(self) -> Any:
        from faster_whisper import BatchedInferencePipeline

        return BatchedInferencePipeline(self._whisper)


def make_whisper(model: str | None = None, device: Device | None = None) -> FasterWhisper:
    """With the model of that name, or the preferred one of those that are here. Raises `EngineMissing`, `BrokenWeights`."""
    there, on = weights_there("speech"), device or best_device()
    if on == "cuda" and best_device() != "cuda":
        raise EngineMissing("No GPU here can be used. Ask for the device auto or cpu.")
    chosen = model or preferred(there, on)
    if chosen is None or chosen not in there:
        which = f"The Whisper model {chosen} is" if chosen else "Whisper's weights are"
        raise EngineMissing(f"{which} not here. {FETCH_LINE}")
    return FasterWhisper(read_weights("speech", chosen), on)


def preferred(there: Sequence[str], device: Device) -> str | None:
    """Which of the models that are there is used unless one is named; None of none."""
    return next((name for name in PREFERRED[device] if name in there), there[0] if there else None)


def best_device() -> Device:
    """The GPU, if CTranslate2 can use one."""
    import ctranslate2

    return "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"


@dataclass
class _Result:
    """What came out of a piece."""

    words: list[Heard] = field(default_factory=list)
    stammers: bool = False

    def add(self, segment: Any) -> None:
        """Take a segment of the piece, unless nobody speaks in it."""
        self.stammers = self.stammers or segment.compression_ratio > _REPEATS
        if not (segment.no_speech_prob > _NO_SPEECH and segment.avg_logprob < _UNSURE):
            self.words += _words(segment, segment.seek / _FRAMES)


def _words(segment: Any, offset: float) -> Iterator[Heard]:
    """The words of a segment. Where their times do not make up its text, the text counts, without times."""
    words = segment.words or []
    if "".join(word.word for word in words).strip() != segment.text.strip():
        yield from (Heard(f" {word}", None, None, None) for word in segment.text.split())
        return
    for word in words:
        yield Heard(word.word, float(word.start - offset), float(word.end - offset), float(word.probability))
