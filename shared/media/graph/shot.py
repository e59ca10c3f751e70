"""Shot: which seconds of which file fill how many frames, at what speed and in which direction."""

from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd

from shared.media.graph.counting import SAMPLE_RATE, nearest
from shared.media.graph.framing import Framing
from shared.media.graph.seeking import ENTERED_ANYWHERE, ENTERED_AT_KEYS, key_between, sure_start
from shared.media.graph.source import SourceMedia

FORGIVEN = Fraction(1, 10)
"""Seconds that a source may lack: durations in files are rounded; its last frame is held for so long."""
_SPARE = Fraction(1, 10)
"""Seconds read before what is needed; two frames at least."""


@dataclass(frozen=True)
class Shot:
    """`frames` frames of the film from `window` seconds of a file at `start`; its last frame is held if they are too few."""

    label: str
    media: SourceMedia
    start: Fraction
    window: Fraction
    stretch: Fraction
    """Seconds of the film per second of the source: 2 is half speed."""
    frames: int
    reverse: bool = False
    framing: Framing | None = None
    """What of the picture is seen; None: all of it, fitted into the frame."""
    at_keys: bool = False
    """Whether the file is looked into for a key frame to begin its picture with, so that no group is decoded in vain."""

    def piece(self, rate: Fraction) -> int:
        """Frames that the whole window makes: fewer than `frames` where the last is held, more where a loop is cut off."""
        return max(1, nearest(self.window * self.stretch * rate))

    @property
    def first_sample(self) -> int:
        """The sample of the file, at 48 kHz, with which it begins."""
        return nearest(self.start * SAMPLE_RATE)

    def reading_start(self, moment: Fraction) -> Fraction:
        """Where in the file to begin reading so that picture and sound are there at `moment`.

        The frame on screen began before it, and decoders of sound need a start-up. It falls on a sample of the file that is
        one at 48 kHz too: so resampling gives the same samples from wherever it begins."""
        video, audio = self.media.info.video, self.media.info.audio
        begin = self._before(moment)
        if video and self.media.info.container in ENTERED_ANYWHERE:
            begin = sure_start(self.media.path, video.index, begin, moment)
        grid = gcd(audio.sample_rate or 1, SAMPLE_RATE) if audio else 1000
        return max(Fraction(0), Fraction(floor(begin * grid), grid))

    def key_start(self, moment: Fraction) -> Fraction | None:
        """When a key frame is shown at `moment` or hardly before, with which reading the picture can begin: for the frame on
        screen then is this one or follows it, and is not made of fields, which need those before."""
        info, begin = self.media.info, self._before(moment)
        video = info.video
        if not self.at_keys or begin <= 0 or video is None or video.interlaced or info.container not in ENTERED_AT_KEYS:
            return None
        return key_between(self.media.path, video.index, begin, moment)

    def _before(self, moment: Fraction) -> Fraction:
        video = self.media.info.video
        return moment - (max(_SPARE, 2 / video.frame_rate) if video and video.frame_rate else _SPARE)
