"""Engine: what every speech recogniser does for a transcription, and what it may leave to others.

An engine hears short pieces of sound and says which words are in them and when. Finding speech, cutting long recordings,
joining, sentences and speakers are not its work, so that all engines are alike in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    """One channel, 16,000 a second, between -1 and 1."""

RATE = 16_000
Device = Literal["cpu", "cuda"]


@dataclass(frozen=True)
class Heard:
    """A word as the engine writes it, with the space before it if its script has one; seconds from the start of the piece.

    `start` and `end` may be None where the engine does not tell them; `probability` is between 0 and 1."""

    text: str
    start: float | None
    end: float | None
    probability: float | None


class Engine(Protocol):
    """A speech recogniser, loaded. Made by `find_engine`; used by one thread at a time."""

    name: str
    model: str | None
    device: Device
    draft: bool
    """Whether what it hears is good enough to find places by, not to publish."""
    longest: float
    """Seconds of a piece, at most."""
    batch: int
    """How many pieces it hears side by side."""

    def detect_language(self, pieces: Sequence["Samples"]) -> Mapping[str, float]:
        """How probable each language is that the engine knows, by its BCP 47 tag, from pieces of the recording."""
        ...

    def language_code(self, language: str) -> str:
        """The engine's own code for a BCP 47 tag. Raises `UnknownLanguage`."""
        ...

    def hear(self, pieces: Sequence["Samples"], language: str, *, guessed: bool = False) -> list[list[Heard]]:
        """The words of each piece, in order. `language` is one of `language_code`; if it is `guessed`, a piece may be heard in
        another. A piece may have no words.

        May take long and need not hear of a cancellation: it is called from a thread that can be left behind."""
        ...

    def close(self) -> None:
        """Let go of what it holds besides memory. Work that goes on in a thread that was left behind may fail of it."""
        ...
