"""Containers and codecs that can be written, and what goes into what."""

from fractions import Fraction
from typing import Literal

Container = Literal["mp4", "mov", "mkv", "webm", "gif", "m4a", "mp3", "wav", "flac"]
VideoCodec = Literal["h264", "h265", "vp9", "av1", "gif"]
AudioCodec = Literal["aac", "mp3", "opus", "flac", "pcm"]
Preset = Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"]

CODECS: dict[Container, tuple[tuple[VideoCodec, ...], tuple[AudioCodec, ...]]] = {
    "mp4": (("h264", "h265", "av1", "vp9"), ("aac", "mp3", "opus", "flac")),
    "mov": (("h264", "h265"), ("aac", "mp3", "pcm")),
    "mkv": (("h264", "h265", "vp9", "av1"), ("aac", "mp3", "opus", "flac", "pcm")),
    "webm": (("vp9", "av1"), ("opus",)),
    "gif": (("gif",), ()),
    "m4a": ((), ("aac",)),
    "mp3": ((), ("mp3",)),
    "wav": ((), ("pcm",)),
    "flac": ((), ("flac",)),
}
"""What each container can hold; the first of each is what leaving the codec out means."""

LEAST_SIDE: dict[VideoCodec, int] = {"h265": 16, "av1": 4}
"""Pixels of the shorter side, of codecs that cannot have fewer."""

MOST_GIF_RATE = Fraction(50)
"""Frames a second of a GIF: it counts in hundredths of a second, and players show a frame of one for ten."""
