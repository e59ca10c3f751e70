"""MultitrackLook: what a film of several recordings looks and sounds like."""

from typing import Literal

from pydantic import Field

from shared.core.documents import Part
from shared.kompositions.model import CaptionLook

Arrangement = Literal["auto", "speaker", "screen", "grid"]


class MultitrackLook(Part):
    """`arrangement`: auto shows who speaks, in a corner of the screen, or below it in a tall film, while one is shared. speaker
    leaves the screen out, screen the speakers while there is a screen, grid shows everybody all the time.

    `shortest`: seconds that a picture stays at least. `automix`: microphones of those who listen are turned down. `captions`: how
    what is said is shown."""

    arrangement: Arrangement = "auto"
    width: int = Field(default=1920, ge=16, le=7680, multiple_of=2)
    height: int = Field(default=1080, ge=16, le=7680, multiple_of=2)
    fps: float | None = Field(default=None, gt=0, le=120, description="Left out: as the first recording that is seen")
    shortest: float = Field(default=2.0, ge=0.5, le=30, description="Seconds that a picture stays at least")
    captions: CaptionLook | None = Field(
        default=None, description="Of what is said, where there are transcripts; left out: a colour for each speaker"
    )
    automix: bool = Field(default=True, description="Turn down the microphones of those who listen")
