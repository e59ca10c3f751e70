"""Whisper by faster-whisper: many languages, punctuation, words as good as the weights are."""

import os
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from shared.transcripts.engines.engine import Device, Heard
from shared.transcripts.engines.errors import EngineMissing, EngineUnready, UnknownLanguage
from shared.transcripts.engines.process import EngineProcess, Processes
from shared.transcripts.weights import FETCH_LINE, MODELS, BrokenWeights, Weights, read_weights, weights_there

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
NEEDED = ("config.json", "model.bin", "tokenizer.json")
"""Files without which the library would look for them on the network, or fail."""
_BCP_47 = {"jw": "jv", "no": "nb"}
_WHISPERS = {"jv": "jw", "nb": "no", "cmn": "zh", "iw": "he", "fil": "tl", "in": "id"}


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
        self._processes = Processes()

    def language_code(self, language: str) -> str:
        """By its primary subtag: `pt-BR` is heard as `pt`."""
        tag = language.split("-")[0].lower()
        code = _WHISPERS.get(tag, tag)
        if code not in self._ask("languages"):
            raise UnknownLanguage(f"The model {self.model} does not know the language {language}.", pointer="/language")
        return code

    def detect_language(self, pieces: Sequence["Samples"]) -> Mapping[str, float]:
        """The mean over the pieces."""
        told: dict[str, list[float]] = {}
        for piece in self._ask("detect", pieces):
            for code, probability in piece:
                told.setdefault(_BCP_47.get(code, code), []).append(probability)
        return {tag: fmean(probabilities) for tag, probabilities in told.items()}

    def hear(self, pieces: Sequence["Samples"], language: str) -> list[list[Heard]]:
        """All pieces at a time. None of a piece in which probably nobody speaks. Raises `EngineFailed`."""
        return [[Heard(*word) for word in words] for words in self._ask("hear", pieces, language)]

    def close(self) -> None:
        """End its process."""
        self._processes.close()

    def _ask(self, method: str, *arguments: Any) -> Any:
        """Raises `BrokenWeights` when the model cannot be loaded: its files are as they were sealed, and no Whisper's."""
        try:
            return self._process.ask(method, *arguments)
        except EngineUnready as error:
            raise BrokenWeights(
                f"The model {self.model} in {self._weights.folder} cannot be loaded on {self.device} ({error.reason}). Either "
                f"it is no Whisper model as CTranslate2 writes it, or the machine has too little memory. {FETCH_LINE}"
            ) from error

    @property
    def _process(self) -> EngineProcess:
        threads = os.environ.get("OMP_NUM_THREADS") or str(len(os.sched_getaffinity(0)))
        folder, compute = str(self._weights.folder), COMPUTE[self.device]
        return self._processes.get(1, "whisper", folder, self.device, compute, threads, str(self.batch))[0]


def make_whisper(model: str | None = None, device: Device | None = None) -> FasterWhisper:
    """With the model of that name, or the preferred one of those that are here. Raises `EngineMissing`, `BrokenWeights`."""
    there, on = weights_there("speech"), device or best_device()
    if on == "cuda" and best_device() != "cuda":
        raise EngineMissing("No GPU here can be used. Ask for the device auto or cpu.")
    chosen = model or preferred(there, on)
    if chosen is None or chosen not in there:
        which = f"The Whisper model {chosen} is" if chosen else "Whisper's weights are"
        fetch = f"Fetch it, once: python -m shared.transcripts fetch {chosen}" if chosen in MODELS else FETCH_LINE
        raise EngineMissing(f"{which} not here. {fetch}")
    weights = read_weights("speech", chosen)
    missing = [name for name in NEEDED if not (weights.folder / name).is_file()]
    if missing:
        raise BrokenWeights(
            f"The model {chosen} in {weights.folder} has no {' and no '.join(missing)}: it is no Whisper model as CTranslate2 "
            f"writes it. {FETCH_LINE}"
        )
    return FasterWhisper(weights, on)


def preferred(there: Sequence[str], device: Device) -> str | None:
    """Which of the models that are there is used unless one is named; None of none."""
    return next((name for name in PREFERRED[device] if name in there), there[0] if there else None)


def best_device() -> Device:
    """The GPU, if CTranslate2 can use one."""
    import ctranslate2

    return "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"
