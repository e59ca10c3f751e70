"""PocketSphinx: the engine that is always there. Its English model comes with the package; a draft, and it says so."""

import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.transcripts.engines.engine import RATE, Device, Heard
from shared.transcripts.engines.errors import EngineMissing, UnknownLanguage
from shared.transcripts.weights import FETCH_LINE

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples

NAME, MODEL = "pocketsphinx", "en-us"
_FRAMES = 100
"""A second, as the decoder counts."""
_BEAMS = {"maxwpf": 10, "maxhmmpf": 3000}
"""Words and states that are followed at once: a third of the time of the defaults, for nearly the same words."""
_NO_WORD = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")
_PRONUNCIATION = re.compile(r"\(\d+\)$")


class PocketSphinx:
    """Hears English with the acoustic and language model of the package. No punctuation, no capitals, no digits."""

    name = NAME
    model: str | None = MODEL
    device: Device = "cpu"
    draft = True
    longest = 20.0

    def __init__(self, threads: int | None = None) -> None:
        self.batch = threads or len(os.sched_getaffinity(0))
        self._decoders: list[Any] = []

    def language_code(self, language: str) -> str:
        """Only `en`."""
        if language.split("-")[0].lower() != "en":
            raise UnknownLanguage(
                f"PocketSphinx knows English, not {language}. {FETCH_LINE}",
                pointer="/language",
            )
        return "en"

    def detect_language(self, pieces: Sequence["Samples"]) -> Mapping[str, float]:
        """English, whatever is said: it knows no other."""
        del pieces
        return {"en": 1.0}

    def hear(self, pieces: Sequence["Samples"], language: str) -> list[list[Heard]]:
        """The words of each piece; a thread a piece, for the decoder leaves Python alone while it works."""
        del language
        while len(self._decoders) < min(len(pieces), self.batch):
            self._decoders.append(_decoder())
        heard: list[list[Heard]] = []
        for at in range(0, len(pieces), self.batch):
            together = pieces[at : at + self.batch]
            heard += self._threads.map(_hear, self._decoders, together)
        return heard

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.batch, thread_name_prefix=NAME)


def make_sphinx(model: str | None = None, device: Device | None = None) -> PocketSphinx:
    """With the model of the package, on processors. Raises `EngineMissing` for anything else."""
    if model not in (None, MODEL):
        raise EngineMissing(f"PocketSphinx has the model {MODEL}, not {model}.")
    if device == "cuda":
        raise EngineMissing("PocketSphinx does not use a GPU.")
    return PocketSphinx()


def _decoder() -> Any:
    from pocketsphinx import Decoder

    return Decoder(samprate=RATE, loglevel="FATAL", **_BEAMS)


def _hear(decoder: Any, samples: "Samples") -> list[Heard]:
    import numpy as np

    decoder.start_utt()
    # The whole piece at once: its loudness is then measured before it is heard, not while.
    decoder.process_raw((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes(), False, True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    return [
        Heard(
            f" {_PRONUNCIATION.sub('', word.word)}",
            word.start_frame / _FRAMES,
            (word.end_frame + 1) / _FRAMES,
            min(1.0, max(0.0, word.prob)),
        )
        for word in decoder.seg()
        if not _NO_WORD.match(word.word)
    ]
