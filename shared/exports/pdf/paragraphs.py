"""Paragraphs in a page's flow: text of one or two looks, wrapped, split where the page ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from reportlab.platypus import Flowable

from shared.exports.pdf.lettering import Lettering
from shared.exports.pdf.styles import Look
from shared.typography import paragraphs, tokens


@dataclass(frozen=True)
class Span:
    """Text, and how it looks."""

    text: str
    look: Look


class Text(Flowable):  # type: ignore[misc]  # reportlab is not typed
    """A paragraph. What its first look says of lines and margins holds for all of it; `mark` stands before its first line."""

    def __init__(self, lettering: Lettering, spans: Sequence[Span], mark: str = "") -> None:
        super().__init__()
        self._lettering, self._spans, self._mark = lettering, tuple(spans), mark
        self._look = spans[0].look
        self._lines: list[list[Span]] | None = None
        self.spaceBefore, self.spaceAfter = self._look.before, self._look.after

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Its size at this width."""
        if self._lines is None:
            self._lines = _lines(self._lettering, self._spans, width - self._look.indent)
        self.width, self.height = width, len(self._lines) * self._look.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """What fits in `height`, and the rest; nothing if not two lines fit."""
        self.wrap(width, height)
        lines = self._lines or []
        fit = int(height // self._look.leading)
        if fit >= len(lines):
            return [self]
        return [self._part(lines[:fit], self._mark), self._part(lines[fit:], "")] if fit >= 2 else []

    def draw(self) -> None:
        """Draw it downwards from its top."""
        y = self.height - self._look.size
        if self._mark:
            self._draw_span(0, y, Span(self._mark, self._look))
        for line in self._lines or ():
            x = self._look.indent
            for span in line:
                x = self._draw_span(x, y, span)
            y -= self._look.leading

    def _part(self, lines: list[list[Span]], mark: str) -> "Text":
        part = Text(self._lettering, self._spans, mark)
        part._lines = lines
        return part

    def _draw_span(self, x: float, y: float, span: Span) -> float:
        """Draw it; where it ends."""
        look = span.look
        self.canv.setFillColor(look.colour)
        self._lettering.draw(self.canv, x, y, span.text, look.font, look.size)
        return x + self._lettering.width(span.text, look.font, look.size)


def _lines(lettering: Lettering, spans: Sequence[Span], room: float) -> list[list[Span]]:
    """The spans in lines that are no wider than `room`; a line feed ends one."""
    lines: list[list[Span]] = [[]]
    used = 0.0
    for span in spans:
        look = span.look

        def measure(text: str, look: Look = look) -> float:
            return lettering.width(text, look.font, look.size)

        for number, paragraph in enumerate(paragraphs(span.text)):
            if number:
                lines.append([])
                used = 0.0
            for space, token in tokens(paragraph, room, measure):
                text = space + token if lines[-1] else token
                if lines[-1] and used + measure(text) > room:
                    lines.append([])
                    text, used = token, 0.0
                lines[-1].append(Span(text, look))
                used += measure(text)
    return [_joined(lettering, line) for line in lines]


def _joined(lettering: Lettering, line: list[Span]) -> list[Span]:
    """Neighbours of one look as one span, which is put in the order of its letters as a whole."""
    joined = [Span("".join(span.text for span in spans), look) for look, spans in groupby(line, lambda span: span.look)]
    for span in joined:
        lettering.width(
            span.text, span.look.font, span.look.size
        )  # Its fonts must know every letter before the pages are drawn.
    return joined
