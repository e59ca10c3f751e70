"""FFmpeg and media files: probing, running one graph, contact sheets.

Importing this package is cheap: PyAV is loaded by the child of the first `probe`, FFmpeg is looked for by the first run."""

from shared.media.contact_sheet import make_contact_sheet, tile_pictures
from shared.media.errors import (
    FfmpegKilled,
    FfmpegMissing,
    MediaOverLimit,
    OutOfMemory,
    OutOfSpace,
    OutputTooLarge,
    RenderCancelled,
    RenderFailed,
    RenderTimeout,
    UnreadableMedia,
)
from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.info import MediaInfo, StreamInfo
from shared.media.limits import Limits
from shared.media.probe import probe
from shared.media.progress import Progress
from shared.media.runner import RunResult, run_graph
from shared.media.tapping import tap_graph

__all__ = [
    "Ffmpeg",
    "FfmpegKilled",
    "FfmpegMissing",
    "Limits",
    "MediaInfo",
    "MediaOverLimit",
    "OutOfMemory",
    "OutOfSpace",
    "OutputTooLarge",
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
    "tap_graph",
    "tile_pictures",
]
