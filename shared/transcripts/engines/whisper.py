"""Whisper by faster-whisper: many languages, punctuation, words as good as the weights are."""

import logging
import os
import re
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from shared.transcripts.engines.engine import Device, Heard
from shared.transcripts.engines.errors import EngineFailed, EngineMissing, EngineUnready, UnknownLanguage
from shared.transcripts.engines.process import EngineProcess, Processes
from shared.transcripts.weights import FETCH_LINE, MODELS, BrokenWeights, Weights, read_weights, weights_there

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples

log = logging.getLogger(__name__)

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


_OF_THE_GPU = re.compile(r"cuda|cublas|cudnn|\bGPU\b", re.IGNORECASE)
"""In what CTranslate2 says where a GPU, its driver or its libraries failed, not the model."""
_NEEDS = "docs/transcription.md says what it needs. Or ask for the device cpu, or auto."


class FasterWhisper:
    """Hears with CTranslate2: int8 on processors, float16 on a GPU, many pieces at a time.

    A GPU that nobody has asked for, and that fails, is replaced by processors; `device` says so from then on."""

    name = NAME
    draft = False
    longest = 29.0

    def __init__(self, weights: Weights, device: Device | None = None) -> None:
        self.model: str | None = weights.name
        self.device: Device = device or best_device()
        self.batch = BATCH[self.device]
        self._asked = device
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

    def hear(self, pieces: Sequence["Samples"], language: str, *, guessed: bool = False) -> list[list[Heard]]:
        """All pieces at a time. None of a piece in which probably nobody speaks. Raises `EngineFailed`."""
        return [[Heard(*word) for word in words] for words in self._ask("hear", pieces, language, guessed)]

    def close(self) -> None:
        """End its process."""
        self._processes.close()

    def _ask(self, method: str, *arguments: Any) -> Any:
        """Raises `BrokenWeights` when the model cannot be loaded: its files are as they were sealed, and no Whisper's; and
        `EngineMissing` or `EngineFailed` when the GPU cannot be used that was asked for."""
        try:
            return self._process.ask(method, *arguments)
        except (EngineUnready, EngineFailed) as error:
            if self.device == "cuda" and _OF_THE_GPU.search(error.reason):
                self._leave_gpu(error)
                return self._ask(method, *arguments)
            if isinstance(error, EngineFailed):
                raise
            raise BrokenWeights(
                f"The model {self.model} in {self._weights.folder} cannot be loaded on {self.device} ({error.reason}). Either "
                f"it is no Whisper model as CTranslate2 writes it, or the machine has too little memory. {FETCH_LINE}"
            ) from error

    def _leave_gpu(self, error: EngineUnready | EngineFailed) -> None:
        """Go on with processors, unless the GPU was asked for."""
        if self._asked == "cuda" and isinstance(error, EngineUnready):
            raise EngineMissing(f"The GPU cannot be used ({error.reason}). {_NEEDS}") from error
        self._processes.end()
        if self._asked == "cuda":
            raise EngineFailed(
                f"The GPU failed while it worked ({error.reason}). Try again; if it happens again, use a smaller model, or ask "
                "for the device cpu.",
                error.reason,
            ) from error
        log.warning("the model %s goes on with processors: the GPU failed (%s)", self.model, error.reason)
        self.device, self.batch = "cpu", BATCH["cpu"]

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
    return FasterWhisper(weights, device)


def preferred(there: Sequence[str], device: Device) -> str | None:
    """Which of the models that are there is used unless one is named; None of none."""
    return next((name for name in PREFERRED[device] if name in there), there[0] if there else None)


def best_device() -> Device:
    """The GPU, if there is one. Whether it computes is seen when a model is loaded."""
    import ctranslate2

    return "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"
