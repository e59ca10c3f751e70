"""Hearing: an engine hears the pieces of a recording, as many at a time as it likes, and nothing twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shared.transcripts.engines import Engine, Heard
from shared.transcripts.recognition.kept import Kept, from_text, key_of, to_text
from shared.transcripts.recognition.leaving import left_behind
from shared.transcripts.recognition.timing import TimedWord, timed

if TYPE_CHECKING:
    from shared.transcripts.engines.engine import Samples
    from shared.transcripts.recognition.decoding import Sound
    from shared.transcripts.recognition.splitting import Piece


@dataclass(frozen=True)
class Hearing:
    """An engine at work on one recording, in a language by the engine's own code, which somebody has told or is `guessed`."""

    engine: Engine
    language: str
    guessed: bool
    kept: Kept
    should_cancel: Callable[[], bool]

    def heard(
        self, sound: "Sound", pieces: Sequence["Piece"], on_progress: Callable[[float], object]
    ) -> list[tuple["Piece", list[TimedWord]]]:
        """Every piece with its words. Raises `TranscriptionCancelled`, and what the engine raises."""
        heard: list[tuple[Piece, list[TimedWord]]] = []
        for at in range(0, len(pieces), self.engine.batch):
            together = pieces[at : at + self.engine.batch]
            found = self._hear([piece.samples(sound) for piece in together])
            heard += [(piece, timed(piece, words)) for piece, words in zip(together, found, strict=True)]
            on_progress(len(heard) / len(pieces))
        return heard

    def _hear(self, samples: Sequence["Samples"]) -> list[list[Heard]]:
        key = key_of(self.engine, self.language, samples, guessed=self.guessed)
        known = self.kept.read(key)
        if known is not None:
            return from_text(known)
        found = left_behind(partial(self.engine.hear, samples, self.language, guessed=self.guessed), self.should_cancel)
        self.kept.write(key, to_text(found))
        return found
