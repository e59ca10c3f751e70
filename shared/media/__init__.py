"""FFmpeg and media files: probing, running one graph, contact sheets.

Importing this package is cheap: PyAV is loaded by the first `probe`, FFmpeg is looked for by the first run."""

from shared.media.contact_sheet import make_contact_sheet, tile_pictures
from shared.media.errors import (
    FfmpegKilled,
    FfmpegMissing,
    OutOfSpace,
    RenderCancelled,
    RenderFailed,
    RenderTimeout,
    UnreadableMedia,
)
from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.info import MediaInfo, StreamInfo
from shared.media.probe import probe
from shared.media.runner import Progress, RunResult, run_graph

__all__ = [
    "Ffmpeg",
    "FfmpegKilled",
    "FfmpegMissing",
    "MediaInfo",
    "OutOfSpace",
    "Progress",
    "RenderCancelled",
    "RenderFailed",
    "RenderTimeout",
    "RunResult",
    "StreamInfo",
    "UnreadableMedia",
    "find_ffmpeg",
    "make_contact_sheet",
    "probe",
    "run_graph",
    "tile_pictures",
]
