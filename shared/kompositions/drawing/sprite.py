"""Sprite: a block of text that moves as one, with its box: the events that draw it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from shared.kompositions.drawing.ass import Color, Event, Style, moment
from shared.kompositions.drawing.motion import TOLERANCE, Path, Piece, Placed, Values, straighten
from shared.typography import Face

Markups = Callable[[int, int], Iterable[tuple[int, int, str]]]
"""What a text is in the frames from one up to, not including, another: frames, and the markup that they show."""

PADDING = 0.25
"""Of a box around its text, in line heights."""
_ACROSS = {"left": 0.0, "center": 0.5, "right": 1.0}
_DOWN = {"top": 0.0, "center": 0.5, "bottom": 1.0}
_SHADOW_OPACITY = 0.5


@dataclass(frozen=True)
class Look:
    """Colours, and pixels of outline and shadow."""

    color: Color
    outline_color: Color
    outline: float = 0.0
    shadow: float = 0.0
    background: Color | None = None


@dataclass(frozen=True)
class Block:
    """Lines of text with their size in pixels. `markup` draws them; `across` and `down` (0 to 1) are its point at the anchor."""

    style: Style
    lines: Sequence[str]
    align: str
    across: float
    down: float
    boxed: bool

    @property
    def faces(self) -> frozenset[Face]:
        """Every font of ours that it is drawn with."""
        runs = (face for line in self.lines for face, _ in self.style.typeface.runs(line))
        return frozenset((self.style.typeface.face, *filter(None, runs)))

    @property
    def padding(self) -> float:
        """Between the text and the edges of its box."""
        return PADDING * self.style.size if self.boxed else 0.0

    @property
    def width(self) -> float:
        """Of the text, without its box."""
        return self.style.size * max(self.style.typeface.width(line) for line in self.lines)

    @property
    def height(self) -> float:
        """Of the text, without its box."""
        return self.style.size * len(self.lines)

    def text_point(self) -> tuple[float, float]:
        """From the anchor to the middle of the text's aligned side, pixels at scale 1."""
        left = -self.across * (self.width + 2 * self.padding) + self.padding
        top = -self.down * (self.height + 2 * self.padding) + self.padding
        return left + _ACROSS[self.align] * self.width, top + self.height / 2

    @property
    def alignment(self) -> int:
        """Of the text at `text_point`, as the key on a numeric keypad."""
        return 4 + round(2 * _ACROSS[self.align])


def anchor_point(anchor: str) -> tuple[float, float]:
    """Where an anchor such as `bottom_left` is in a box: across and down, 0 to 1."""
    return (
        next((value for name, value in _ACROSS.items() if anchor.endswith(name)), 0.5),
        next((value for name, value in _DOWN.items() if anchor.startswith(name)), 0.5),
    )


def draw(block: Block, look: Look, path: Path, markups: Markups, between: Sequence[Event] = ()) -> Iterator[Event]:
    """The events of a block that moves along `path`: of every piece first its box, then what is `between` of a block that
    stands still, then its text."""
    tolerance = (*TOLERANCE, *TOLERANCE[:2])
    for piece in straighten(lambda frame: _with_text(path.placed(frame), block), path, tolerance):
        if piece.start[4] <= 0 and piece.stop[4] <= 0:
            continue
        if look.background is not None:
            yield Event(piece.first, piece.last + 1, block.style, _box(block, look.background, piece))
        yield from between
        for first, end, markup in markups(piece.first, piece.last + 1):
            part = Piece(first, end - 1, piece.at(first), piece.at(end - 1))
            yield Event(first, end, block.style, _text(block, look, part) + markup, block.faces)


def _with_text(placed: Placed, block: Block) -> Values:
    """`placed`, and where the middle of the text's aligned side is."""
    x, y, scale, rotation, _ = placed
    across, down = (scale * offset for offset in block.text_point())
    turn = radians(rotation)
    return *placed, x + across * cos(turn) - down * sin(turn), y + across * sin(turn) + down * cos(turn)


def _box(block: Block, color: Color, piece: Piece) -> str:
    wide, high = block.width + 2 * block.padding, block.height + 2 * block.padding
    key = 7 - 3 * round(2 * block.down) + round(2 * block.across)
    tags = _tags(piece, slice(0, 2), lambda values: f"{_turned(values)}\\1a{color.faded(values[4]).alpha}")
    return f"{{\\an{key}{tags}\\1c{color.code}\\p1}}m 0 0 l {wide:.2f} 0 {wide:.2f} {high:.2f} 0 {high:.2f}"


def _text(block: Block, look: Look, piece: Piece) -> str:
    shadow = look.outline_color.faded(_SHADOW_OPACITY)

    def dress(values: Values) -> str:
        scale, opacity = values[2], values[4]
        fill = look.color.faded(opacity).alpha
        tags = f"{_turned(values)}\\1a{fill}\\2a{fill}"
        if look.outline:
            tags += f"\\bord{look.outline * scale:.3f}\\3a{look.outline_color.faded(opacity).alpha}"
        if look.shadow:
            tags += f"\\shad{look.shadow * scale:.3f}\\4a{shadow.faded(opacity).alpha}"
        return tags

    colors = f"\\1c{look.color.code}\\2c{look.color.code}\\3c{look.outline_color.code}\\4c{shadow.code}"
    return f"{{\\an{block.alignment}{_tags(piece, slice(5, 7), dress)}{colors}}}"


def _turned(values: Values) -> str:
    percent = f"{values[2] * 100:.4f}"
    return f"\\fscx{percent}\\fscy{percent}\\frz{-values[3]:.4f}"


def _tags(piece: Piece, place: slice, dress: Callable[[Values], str]) -> str:
    """Where it is and how it looks, at first and on the way. `place` is where in the values x and y are."""
    times = f"{moment(piece.first, piece.first)},{moment(piece.first, piece.last)}"
    begin, end = (",".join(f"{value:.3f}" for value in values[place]) for values in (piece.start, piece.stop))
    where = f"\\pos({begin})" if begin == end else f"\\move({begin},{end},{times})"
    looks, later = dress(piece.start), dress(piece.stop)
    return where + looks + (f"\\t({times},{later})" if looks != later else "")
