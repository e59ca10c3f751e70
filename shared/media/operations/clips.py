"""Clips: pieces of an operation's files as exact numbers of frames and samples, and streams that are copied as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from shared.core.errors import FieldError
from shared.media.containers import CODECS, AudioCodec, Container, VideoCodec
from shared.media.effects import Frame
from shared.media.graph import Shot, SourceMedia
from shared.media.graph.counting import SAMPLE_RATE, nearest, samples_at
from shared.media.graph.framing import Framing
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import paced_picture
from shared.media.graph.reversal import shot_frames
from shared.media.graph.scaling import CENTRE, Anchor, Scale, Size, fill_frame, fit_inside, is_clear
from shared.media.graph.shot import FORGIVEN
from shared.media.graph.sound import shot_sound, silence
from shared.media.graph.streams import Stream
from shared.media.info import MediaInfo, StreamInfo
from shared.media.operations.kind import MOST_PIXELS
from shared.media.operations.run import Track

MOST_RATE = Fraction(120)
_FALLBACK = Fraction(25)
TIMELESS = "avi"
"""The format that does not tell when frames are shown that are coded in another order; decoders can tell."""
_CODERS: dict[str, VideoCodec | AudioCodec] = {
    "h264": "h264",
    "hevc": "h265",
    "vp9": "vp9",
    "libvpx-vp9": "vp9",
    "av1": "av1",
    "libdav1d": "av1",
    "aac": "aac",
    "mp3": "mp3",
    "mp3float": "mp3",
    "opus": "opus",
    "libopus": "opus",
    "flac": "flac",
}
"""What FFmpeg's decoders read, in our words."""
_COPYING = {"thread_queue_size": 64}
"""Packets that wait to be written. With FFmpeg's 8 a copy is a fifth slower: its threads spend it on waking each other."""


@dataclass(frozen=True)
class Clip:
    """A piece of a file at a rate. `label` tells it from other pieces of the same file.

    `framing`: what of its picture is seen; None: all of it."""

    media: SourceMedia
    start: Fraction
    frames: int
    rate: Fraction
    label: str = "clip"
    reverse: bool = False
    framing: Framing | None = None

    @property
    def info(self) -> StreamInfo:
        """Its picture."""
        video = self.media.info.video
        assert video is not None, "inputs are checked for what is needed"
        return video

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return self.frames / self.rate

    @property
    def samples(self) -> int:
        """How many samples sound beside its frames."""
        return samples_at(self.frames, self.rate)

    @property
    def size(self) -> Size:
        """Of its picture as it is seen, in even pixels."""
        return even_size(self.info)

    def frame(self, size: Size | None = None) -> Frame:
        """Its picture for effects."""
        return Frame(*(size or self.size), self.rate, self.frames)

    def part(self, begin: int, end: int) -> "Clip":
        """Frames `begin` up to `end` of it."""
        return replace(self, start=self.start + begin / self.rate, frames=end - begin, label=f"{self.label}/{begin}")

    def picture(
        self,
        inputs: Inputs,
        size: Size | None = None,
        scale: Scale = "contain",
        anchor: Anchor = CENTRE,
        *,
        clear: bool = False,
    ) -> Stream:
        """Its frames in a size, time stamps from 0; `clear`: with the transparency that it has, which else lies over black."""
        if anchor == CENTRE:
            kept = clear and is_clear(self.info)
            return shot_frames(self._shot, 0, self.frames, size or self.size, scale, clear=kept, inputs=inputs)
        paced = paced_picture(self._shot, 0, self.frames, inputs)
        return fill_frame(paced, self.info, size or self.size, scale, anchor=anchor)

    def sound(self, inputs: Inputs) -> Stream | None:
        """Its samples, time stamps from 0; None when the file has no sound."""
        return shot_sound(self._shot, 0, self.samples, inputs)

    def heard(self, inputs: Inputs) -> Stream:
        """Its samples; silence when the file has no sound."""
        return self.sound(inputs) or silence(self.samples, inputs)

    @property
    def _shot(self) -> Shot:
        window = min(self.seconds, max(Fraction(0), self.media.info.exact_duration - self.start))
        return Shot(
            self.label,
            self.media,
            self.start,
            window,
            Fraction(1),
            self.frames,
            self.reverse,
            self.framing,
            at_keys=True,
        )


@dataclass(frozen=True)
class SoundClip:
    """A piece of a file's sound, in samples."""

    media: SourceMedia
    start: Fraction
    samples: int

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        return Fraction(self.samples, SAMPLE_RATE)

    def stream(self, inputs: Inputs) -> Stream:
        """Its samples, time stamps from 0."""
        shot = Shot("sound", self.media, self.start, self.seconds, Fraction(1), 1)
        stream = shot_sound(shot, 0, self.samples, inputs)
        assert stream is not None, "inputs are checked for what is needed"
        return stream


def whole_clip(media: SourceMedia, rate: Fraction | None = None, label: str = "clip") -> Clip:
    """All of a file. Where its sound lasts longer than its picture, the last frame is held."""
    pace = rate or rate_of(media.info)
    return Clip(media, Fraction(0), frames_of(media.info, pace), pace, label)


def whole_sound(media: SourceMedia) -> SoundClip:
    """All of a file's sound."""
    return SoundClip(media, Fraction(0), nearest(sound_seconds(media.info) * SAMPLE_RATE))


def rate_of(info: MediaInfo) -> Fraction:
    """The constant rate at which a video is shown: its own, or near the average of one that varies wildly."""
    video = info.video
    rate = (video.frame_rate if video else None) or _FALLBACK
    if rate <= MOST_RATE:
        return rate
    average = (video.average_frame_rate if video else None) or _FALLBACK
    return min(MOST_RATE, Fraction(max(1, nearest(average))))


def frames_of(info: MediaInfo, rate: Fraction) -> int:
    """How many frames at `rate` a whole file is shown."""
    video = info.video
    if video is not None and video.frame_count and not video.variable_frame_rate and video.frame_rate:
        shown = video.frame_count / video.frame_rate
        # A file may be shown longer than its picture moves, or, by an edit list, shorter; or before its picture begins.
        if abs(info.exact_duration - shown) <= FORGIVEN and video.start * video.frame_rate < Fraction(1, 2):
            return max(1, nearest(shown * rate))
    return max(1, nearest(info.exact_duration * rate))


def sound_seconds(info: MediaInfo) -> Fraction:
    """How long a file sounds; where its sound begins later, it is silent until then."""
    audio = info.audio
    stated = audio.start + audio.exact_duration if audio and audio.exact_duration else None
    return min(stated, info.exact_duration) if stated and info.exact_duration else stated or info.exact_duration


def even_size(info: StreamInfo) -> Size:
    """The size of a picture as it is seen, to even pixels."""
    width, height = info.display_size
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


def size_for(info: StreamInfo, width: int | None, height: int | None) -> Size:
    """The size asked for; what is left out follows from the picture's shape, or is its own."""
    if width and height:
        return width, height
    shown = info.display_size
    if width:
        return width, max(2, nearest(Fraction(width * shown[1], shown[0]) / 2) * 2)
    if height:
        return max(2, nearest(Fraction(height * shown[0], shown[1]) / 2) * 2), height
    return fit_inside(shown, even_size(info)) if info.lies else even_size(info)


def size_errors(info: StreamInfo | None, width: int | None, height: int | None) -> Iterator[FieldError]:
    """What is wrong with asking for one side: of a picture of extreme shape the other would be too long."""
    if info is None or (width is None) == (height is None):
        return
    asked, other = ("width", 1) if width else ("height", 0)
    follows = size_for(info, width, height)[other]
    if follows > MOST_PIXELS:
        detail = f"The other side would have {follows} pixels by the picture's shape, more than {MOST_PIXELS}."
        yield FieldError(f"/params/{asked}", f"{detail} Ask for less, or give both width and height.", "too_large")


def piece_errors(info: MediaInfo, start: float, duration: float | None, place: int = 0) -> "list[FieldError]":
    """What is wrong with using `duration` seconds (None: the rest) of a file from `start` on."""
    left = info.exact_duration - exact(start)
    if left <= 0:
        detail = f"Input {place} lasts {info.duration:g} s, so nothing is left from {start:g} s on. Start earlier than its end."
        return [FieldError("/params/start", detail, "starts_after_end")]
    if duration is not None and exact(duration) > left + FORGIVEN:
        detail = f"Only {float(left):.2f} s are left from {start:g} s on. Ask for less, or leave duration out."
        return [FieldError("/params/duration", detail, "source_too_short")]
    return []


def exact(seconds: float) -> Fraction:
    """Seconds as they were written."""
    return Fraction(str(seconds))


def kept_sound(
    inputs: Inputs, media: SourceMedia, container: Container, codec: AudioCodec | None = None, *, label: str = "clip"
) -> Track | None:
    """The file's sound, copied if the container can hold it (in `codec`, if one is named); None when it has to be encoded.

    `label`: of the whole clip whose picture is read from the same opened file."""
    audio = media.info.audio
    coded = _codec(audio)
    if audio is None or coded not in CODECS[container][1] or codec not in (None, coded):
        return None
    return Track(inputs.open(media, label, Fraction(0), audio.index), {"c:a": "copy", **_COPYING})


def kept_picture(inputs: Inputs, media: SourceMedia, container: Container) -> Track | None:
    """The file's picture, copied if the container can hold it; None when it has to be encoded."""
    video = media.info.video
    coded = _codec(video)
    if video is None or coded not in CODECS[container][0] or media.info.container == TIMELESS:
        return None
    tag = {"tag:v": "hvc1"} if coded == "h265" and container in ("mp4", "mov") else {}
    return Track(inputs.open(media, "copied", Fraction(0), video.index), {"c:v": "copy", **tag, **_COPYING})


def sound_codec(info: MediaInfo) -> AudioCodec | None:
    """The codec of a file's sound, if we can write it."""
    coded = _codec(info.audio)
    return next((codec for _, codecs in CODECS.values() for codec in codecs if codec == coded), None)


def threads_for(sources: Sequence[SourceMedia]) -> int | None:
    """What each decoder gets: each thread holds frames, and many files are open at once."""
    return None if len(sources) <= 4 else 2


def _codec(stream: StreamInfo | None) -> VideoCodec | AudioCodec | None:
    if stream is None:
        return None
    return "pcm" if stream.codec.startswith("pcm_") else _CODERS.get(stream.codec)
