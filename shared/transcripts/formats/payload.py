"""Payload: the text of a WebVTT cue: tags apart, voices and inner time stamps understood."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.transcripts.formats.cue import Piece
from shared.transcripts.formats.stamps import read_stamp

_TAG = re.compile(r"<(/?)(c|i|b|u|ruby|rt|v|lang|font|\d[\d:.]*)((?:[.\s][^<>]*)?)>", re.IGNORECASE)
"""The tags that WebVTT knows. Any other `<` was typed by somebody, and stays."""


@dataclass(frozen=True)
class Span:
    """What one voice says in a cue."""

    pieces: tuple[Piece, ...]
    speaker: str | None = None

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(piece.text for piece in self.pieces)


def spans_of(payload: str) -> Iterator[Span]:
    """The payload by voices, in order."""
    speaker: str | None = None
    pieces: list[Piece] = []
    at = 0
    for tag in _TAG.finditer(payload):
        _add(pieces, payload[at : tag.start()])
        at = tag.end()
        closes, name, rest = tag.groups()
        if name.lower() == "v":
            yield Span(tuple(pieces), speaker)
            pieces = []
            speaker = None if closes else _voice(rest)
        elif name[0].isdigit() and (moment := read_stamp(name)) is not None:
            pieces.append(Piece("", moment))
    _add(pieces, payload[at:])
    yield Span(tuple(pieces), speaker)


def escape(text: str) -> str:
    """Text as a payload."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _add(pieces: list[Piece], raw: str) -> None:
    text = html.unescape(raw)
    if pieces:
        pieces[-1] = Piece(pieces[-1].text + text, pieces[-1].start)
    elif text:
        pieces.append(Piece(text))


def _voice(rest: str) -> str | None:
    """The name in `<v.loud Ada>`, whose classes say nothing."""
    name = rest.partition(" ")[2] if rest.startswith(".") else rest
    return html.unescape(name).strip() or None
