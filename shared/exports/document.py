"""Documents: text, figures, tables and charts in the order in which they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.exports.chart import Chart
from shared.exports.table import Table


class Tone(StrEnum):
    """Whether a change is for the better."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Heading:
    """Opens a part."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of plain text; a quiet one is set small and grey."""

    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Bullets:
    """Sentences one below another; each may carry a short note on what it rests on."""

    items: tuple[tuple[str, str], ...]
    numbered: bool = False


@dataclass(frozen=True)
class Tile:
    """A figure to see at once: its value, how that changed, its target, and the way it went."""

    title: str
    value: str
    change: str | None = None
    tone: Tone = Tone.NEUTRAL
    target: str | None = None
    met: bool | None = None
    trail: Sequence[float | None] = ()


@dataclass(frozen=True)
class Tiles:
    """Figures side by side."""

    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class Beside:
    """Two charts side by side, each half as wide."""

    left: Chart
    right: Chart


Block = Heading | Paragraph | Bullets | Tiles | Table | Chart | Beside


@dataclass(frozen=True)
class Document:
    """What a file holds. `origin` says at the foot of each page where it comes from and when it was made."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    origin: str = "Kompo"

    def tables(self) -> list[Table]:
        """Its tables, in order."""
        return [block for block in self.blocks if isinstance(block, Table)]

    def charts(self) -> list[Chart]:
        """Its charts, in order."""
        found: list[Chart] = []
        for block in self.blocks:
            if isinstance(block, Chart):
                found.append(block)
            elif isinstance(block, Beside):
                found += [block.left, block.right]
        return found
