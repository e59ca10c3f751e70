"""Films as they come: every way in which a file can be coded, stamped and cut that makes a frame hard to find."""

from collections.abc import Mapping
from pathlib import Path

from tests.shared.media.clips import make, numbered

_H264 = ("-c:v", "libx264", "-crf", "10", "-preset", "ultrafast")
_OPEN = "open-gop=1:keyint=40:min-keyint=40:scenecut=0:bframes={bframes}:b-adapt=0:ref=3"
_JITTER = "setpts='(N+0.4*random(1)+7*floor(N/20))/30/TB'"
_MPEG2 = ("-c:v", "mpeg2video", "-q:v", "2", "-g", "15", "-bf", "2")
_X265 = ("-c:v", "libx265", "-crf", "10", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params")

SOURCES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "b-frames": ("mp4", "30", (*_H264, "-g", "50", "-bf", "3")),
    "23.976 a second": ("mp4", "24000/1001", (*_H264, "-g", "48", "-bf", "2")),
    "29.97 a second": ("mkv", "30000/1001", (*_H264, "-g", "60", "-bf", "2")),
    "variable rate": ("mkv", "30", ("-vf", _JITTER, "-fps_mode", "vfr", *_H264, "-g", "50")),
    "open groups": ("mp4", "30", (*_H264, "-x264-params", _OPEN.format(bframes=8))),
    "slow open groups": ("mp4", "10", (*_H264, "-x264-params", _OPEN.format(bframes=15))),
    "open groups of H.265": ("mp4", "30", (*_X265, "log-level=error:keyint=40:bframes=8:b-adapt=0:rc-lookahead=20")),
    "transport stream": ("ts", "30", (*_H264, "-g", "50", "-bf", "3")),
    "transport stream of open groups": ("ts", "30", (*_H264, "-x264-params", _OPEN.format(bframes=8))),
    "MPEG-2": ("ts", "30", _MPEG2),
    "program stream": ("mpg", "25", _MPEG2),
    "fields of MPEG-2": ("ts", "25", (*_MPEG2, "-flags", "+ilme+ildct")),
    "beginning late": ("mp4", "30", (*_H264, "-output_ts_offset", "3")),
}
"""Container, rate, and how it is coded."""


def make_source(folder: Path, name: str, seconds: float = 5) -> Path:
    """A film of numbered frames, so coded."""
    suffix, rate, coded = SOURCES[name]
    plain = folder / f"plain-{rate.replace('/', '-')}.mkv"
    if not plain.exists():
        numbered(plain, seconds, rate=rate, more=("-g", "1"))
    path = folder / f"{name.replace(' ', '-')}.{suffix}"
    return path if path.exists() else make(path, "-i", str(plain), *coded)
