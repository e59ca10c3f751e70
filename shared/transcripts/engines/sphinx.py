"""PocketSphinx: the engine that is always there. Its English model comes with the package; a draft, and it says so."""

import os
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from shared.transcripts.engines.engine import Device, Heard
from shared.transcripts.engines.errors import EngineMissing, UnknownLanguage
from shared.transcripts.engines.process import EngineProcess, Processes
from shared.transcripts.weights import FETCH_LINE

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples

NAME, MODEL = "pocketsphinx", "en-us"
_NO_WORD = re.compile(r"^(<.*>|\[.*\]|\+\+.*\+\+)$")
_PRONUNCIATION = re.compile(r"\(\d+\)$")


class PocketSphinx:
    """Hears English with the acoustic and language model of the package. No punctuation, no capitals, no digits."""

    name = NAME
    model: str | None = MODEL
    device: Device = "cpu"
    draft = True
    longest = 20.0

    def __init__(self, processes: int | None = None) -> None:
        self.batch = processes or len(os.sched_getaffinity(0))
        self._processes = Processes()

    def language_code(self, language: str) -> str:
        """Only `en`."""
        if language.split("-")[0].lower() != "en":
            raise UnknownLanguage(f"PocketSphinx knows English, not {language}. {FETCH_LINE}", pointer="/language")
        return "en"

    def detect_language(self, pieces: Sequence["Samples"]) -> Mapping[str, float]:
        """English, whatever is said: it knows no other."""
        del pieces
        return {"en": 1.0}

    def hear(self, pieces: Sequence["Samples"], language: str, *, guessed: bool = False) -> list[list[Heard]]:
        """The words of each piece; a process a piece. Raises `EngineFailed`."""
        del language, guessed
        processes = self._processes.get(min(len(pieces), self.batch), "sphinx")
        heard: list[list[Heard]] = []
        with ThreadPoolExecutor(self.batch, thread_name_prefix=NAME) as threads:
            for at in range(0, len(pieces), self.batch):
                heard += threads.map(_hear, processes, pieces[at : at + self.batch])
        return heard

    def close(self) -> None:
        """End its processes."""
        self._processes.close()


def make_sphinx(model: str | None = None, device: Device | None = None) -> PocketSphinx:
    """With the model of the package, on processors. Raises `EngineMissing` for anything else."""
    if model not in (None, MODEL):
        raise EngineMissing(f"PocketSphinx has the model {MODEL}, not {model}.")
    if device == "cuda":
        raise EngineMissing("PocketSphinx does not use a GPU.")
    return PocketSphinx()


def _hear(process: EngineProcess, samples: "Samples") -> list[Heard]:
    words = [Heard(*word) for word in process.ask("hear", samples)]
    return [
        Heard(f" {_PRONUNCIATION.sub('', word.text)}", word.start, word.end, word.probability)
        for word in words
        if not _NO_WORD.match(word.text)
    ]
