"""Turns: who speaks, where the text of subtitles tells: `>>` where somebody else begins, as television and YouTube write it, with
the name (`>> ANN: …`) or without; or the same few names before most cues (`Ann: …`)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.transcripts.formats.cue import Cue, Piece
from shared.transcripts.formats.voices import are_named, named
from shared.transcripts.spreading import spread

_MARK = re.compile(r"(?:(?<![\s\S])|(?<=\n)|(?<=[.?!…\])–-]\s))\s*>{2,3}\s*(?=[^\s>]|\Z)")
_FEWEST = 2
"""Marks of a file that has turns; a single one may be anything."""
_RECURRING = 3
"""Cues for each name, at the least, where names stand before cues: others may be sentences with a colon."""


def by_turns(cues: Sequence[Cue]) -> list[Cue]:
    """The cues with who speaks, parted where turns begin; a turn is somebody's until the next. All as they are in a file without
    marks and names, or one that has speakers otherwise."""
    if any(cue.speaker is not None for cue in cues):
        return list(cues)
    if sum(len(_MARK.findall(cue.text)) for cue in cues) >= _FEWEST:
        return list(_turned(cues))
    return [with_name(cue) for cue in cues] if _are_named(cues) else list(cues)


def with_name(cue: Cue) -> Cue:
    """A cue of nobody as that of the name which it begins with, if it does."""
    if cue.speaker is not None or not cue.pieces:
        return cue
    speaker, rest = named(cue.pieces[0].text)
    return replace(cue, speaker=speaker, pieces=(replace(cue.pieces[0], text=rest), *cue.pieces[1:]))


def _are_named(cues: Sequence[Cue]) -> bool:
    """Whether most begin with a name, and the names come again and again."""
    names = [name for cue in cues if (name := named(cue.text)[0]) is not None]
    return are_named([cue.text for cue in cues]) and len(names) >= _RECURRING * len(set(names))


def _turned(cues: Sequence[Cue]) -> Iterator[Cue]:
    speaker: str | None = None
    for cue in cues:
        parts = [part for part in _parts(cue) if "".join(piece.text for piece in part[1]).strip()]
        shares = spread(["".join(piece.text for piece in pieces) for _, pieces in parts], cue.start, cue.end)
        starts = [
            cue.start,
            *(_start(pieces, share[0]) for (_, pieces), share in zip(parts[1:], shares[1:], strict=True)),
        ]
        for (begins, pieces), start, end in zip(parts, starts, [*starts[1:], cue.end], strict=True):
            said = list(pieces)
            if begins:
                first, *others = (piece for piece in pieces if piece.text.strip())
                speaker, rest = named(first.text)
                said = [replace(first, text=rest), *others]
            yield replace(cue, start=start, end=max(start, end), pieces=tuple(said), speaker=speaker)


def _parts(cue: Cue) -> Iterator[tuple[bool, list[Piece]]]:
    """What is said in each turn, and whether the turn begins with it."""
    begins, pieces, before = False, list[Piece](), ""
    for piece in cue.pieces:
        at, start = 0, piece.start
        for mark in _MARK.finditer(before + piece.text, len(before)):
            upto = mark.start() - len(before)
            pieces.append(Piece(piece.text[at:upto], start))
            yield begins, pieces
            begins, pieces, at = True, [], mark.end() - len(before)
            start = piece.start if not piece.text[:upto].strip() else None
        pieces.append(Piece(piece.text[at:], start))
        before += piece.text
    yield begins, pieces


def _start(pieces: Sequence[Piece], share: float) -> float:
    return next((piece.start for piece in pieces if piece.start is not None), share)
