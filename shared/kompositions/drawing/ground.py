"""Ground: what the captions of a track may have of a film, so that nothing of them ever leaves the safe area."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.kompositions.drawing.boxes import BESIDE
from shared.kompositions.drawing.entrances import sway
from shared.kompositions.drawing.safe_areas import safe_area
from shared.kompositions.drawing.sprite import PADDING

if TYPE_CHECKING:
    from shared.kompositions.model import CaptionTrack, Output

OUTLINE = 0.07
"""In line heights."""
DOWN = {"top": 0.0, "middle": 0.5, "bottom": 1.0}
"""Which part of a cue is at `Ground.y`, from its upper edge down."""


@dataclass(frozen=True)
class Ground:
    """`width`: of a line, in line heights; `lines`: how many, at least one; `y`: where cues rest, a fraction of the height."""

    width: float
    lines: int
    y: float


def ground_of(track: "CaptionTrack", output: "Output") -> Ground:
    """What is left by the platform, and by what the track's style draws around its words and how it moves them."""
    area, moves = safe_area(track.platform, output.width, output.height), sway(track.style)
    line = track.size * moves.size
    beside = PADDING if track.background else BESIDE if track.style == "boxed" else OUTLINE
    width = (1 - 2 * area.side) * output.width / (line * output.height) - 2 * beside
    edge = 0.0 if track.background else OUTLINE
    top, bottom = area.top + (moves.up + edge) * track.size, 1 - area.bottom - (moves.down + edge) * track.size
    above = 2 * PADDING if track.background else 0.0
    match track.position:
        case "top":
            y, high = top, 1 - area.bottom - top
        case "bottom":
            y, high = bottom, bottom - area.top
        case "middle":
            y, high = 0.5, 2 * min(0.5 - top, bottom - 0.5)
    return Ground(width, max(1, min(track.max_lines, int(high / line - above + 1e-9))), y)
