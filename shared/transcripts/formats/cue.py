"""Cues: what subtitle files hold, before their words have times."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """Text that begins at a known moment (seconds), or right after the piece before it (None)."""

    text: str
    start: float | None = None


@dataclass(frozen=True)
class Cue:
    """Text that is shown from `start` to `end`, seconds. `line`: where in the file it begins. `lingers`: it stays when it was
    said, so that `end` tells little of when its last word ends."""

    start: float
    end: float
    pieces: tuple[Piece, ...]
    speaker: str | None = None
    line: int | None = None
    lingers: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Cues:
    """All that a file says. `length`: seconds of the recording, where the file tells."""

    cues: tuple[Cue, ...]
    language: str | None = None
    length: float | None = None
