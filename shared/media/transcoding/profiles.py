"""The profiles: what a use or a platform wants of one file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.media.containers import Preset


@dataclass(frozen=True)
class Profile:
    """A frame, how well it is coded, and at most how many bits (thousands a second) and seconds.

    `fast_fps`: the rate for sources faster than `fps`, where a platform takes more."""

    width: int
    height: int
    max_kbps: int
    crf: int
    preset: Preset
    fps: int
    fast_fps: int | None = None
    max_seconds: int | None = None
    audio_kbps: int = 128


_SOCIAL = Profile(1080, 1920, 4000, crf=23, preset="fast", fps=30)
PROFILES: Mapping[str, Profile] = {
    "social": _SOCIAL,
    "professional": Profile(1920, 1080, 8000, crf=18, preset="slow", fps=60, audio_kbps=192),
    "preview": Profile(640, 360, 800, crf=28, preset="ultrafast", fps=24, audio_kbps=96),
    # Kompo's export presets give TikTok 60 frames a second, its profiles 30: both hold. Of a source with no more than 30, the
    # other 30 would be repeats that cost bits.
    "tiktok": replace(_SOCIAL, fast_fps=60, max_seconds=60),
    "instagram": replace(_SOCIAL, max_seconds=90),
    "youtube_shorts": replace(_SOCIAL, max_seconds=60),
    "linkedin": Profile(1920, 1080, 5000, crf=22, preset="fast", fps=30),
}
