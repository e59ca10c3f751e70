"""ClipLook: what a clip looks and sounds like once it is chosen: its frame, its captions, its title, its loudness."""

from typing import Literal

from pydantic import Field

from shared.core.documents import StoredPart
from shared.kompositions.model import CaptionLook

Aspect = Literal["9:16", "1:1", "4:5", "16:9"]
CLIP_CAPTIONS = CaptionLook(style="highlight", size=0.042, max_words=4, max_lines=2)
"""Few large words at a time, the one being said in another colour: what short films are watched with."""
_RATIOS: dict[Aspect, tuple[int, int]] = {"9:16": (9, 16), "1:1": (1, 1), "4:5": (4, 5), "16:9": (16, 9)}


class ClipLook(StoredPart):
    """`aspect`: of the frame, width to height. `short_side`: its shorter side, pixels. `captions`: null for none. `title`: the
    clip's title stands above the picture for its first three seconds. `loudness`: LUFS, what platforms play at."""

    aspect: Aspect = "9:16"
    short_side: int = Field(default=1080, ge=144, le=2160, multiple_of=4)
    captions: CaptionLook | None = CLIP_CAPTIONS
    title: bool = False
    loudness: float = Field(default=-14.0, ge=-40, le=-5)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels, both even."""
        wide, high = _RATIOS[self.aspect]
        scale = self.short_side / min(wide, high)
        return (_even(wide * scale), _even(high * scale))


def _even(pixels: float) -> int:
    return 2 * round(pixels / 2)
