"""PocketSphinx: the engine that is always there. Its English model comes with the package; a draft, and it says so."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from shared.transcripts.engines import sphinx_child
from shared.transcripts.engines.engine import Device, Heard
from shared.transcripts.engines.errors import EngineFailed, EngineMissing, UnknownLanguage
from shared.transcripts.weights import FETCH_LINE

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples

NAME, MODEL = "pocketsphinx", "en-us"
_FRAMES = 100
"""A second, as the decoder counts."""
_ENDED = (
    "PocketSphinx ended in the middle of its work. Try again; if it happens again, the machine has too little memory."
)
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
        self._children: list[subprocess.Popen[bytes]] = []

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
        """The words of each piece; a process a piece. Raises `EngineFailed` when one of them ends."""
        del language
        while len(self._children) < min(len(pieces), self.batch):
            self._children.append(_child())
        heard: list[list[Heard]] = []
        with ThreadPoolExecutor(self.batch, thread_name_prefix=NAME) as threads:
            for at in range(0, len(pieces), self.batch):
                heard += threads.map(_hear, self._children, pieces[at : at + self.batch])
        return heard

    def close(self) -> None:
        """End its processes."""
        for child in self._children:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        self._children = []


def make_sphinx(model: str | None = None, device: Device | None = None) -> PocketSphinx:
    """With the model of the package, on processors. Raises `EngineMissing` for anything else."""
    if model not in (None, MODEL):
        raise EngineMissing(f"PocketSphinx has the model {MODEL}, not {model}.")
    if device == "cuda":
        raise EngineMissing("PocketSphinx does not use a GPU.")
    return PocketSphinx()


def _child() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", str(Path(sphinx_child.__file__))]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _hear(child: "subprocess.Popen[bytes]", samples: "Samples") -> list[Heard]:
    import numpy as np

    whole = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    if child.stdin is None or child.stdout is None:
        raise ValueError("the child has no pipes")
    try:
        child.stdin.write(len(whole).to_bytes(4) + whole)
        child.stdin.flush()
        line = child.stdout.readline()
    except (OSError, ValueError) as error:
        raise EngineFailed(_ENDED) from error
    if not line:
        raise EngineFailed(_ENDED)
    return [
        Heard(
            f" {_PRONUNCIATION.sub('', word)}", first / _FRAMES, (last + 1) / _FRAMES, min(1.0, max(0.0, probability))
        )
        for word, first, last, probability in json.loads(line)
        if not _NO_WORD.match(word)
    ]
