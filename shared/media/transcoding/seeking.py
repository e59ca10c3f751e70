"""SureShot: a shot that other tasks encode the rest of."""

from dataclasses import dataclass
from fractions import Fraction

from shared.media.graph import Shot
from shared.media.graph.seeking import sure_start


@dataclass(frozen=True)
class SureShot(Shot):
    """A shot whose frames are decoded exactly wherever reading begins, in files of open groups too."""

    def reading_start(self, moment: Fraction) -> Fraction:
        """Early enough for the frame that is on screen at `moment`, in seconds from the beginning of the file."""
        video = self.media.info.video
        assert video is not None, "a shot of a film"
        return sure_start(self.media.path, video.index, super().reading_start(moment), moment)
