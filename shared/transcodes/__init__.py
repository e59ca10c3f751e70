"""Transcodes: asking for them, splitting them among tasks, keeping what is finished, and playing what has been made."""

from shared.transcodes.board import Board, ChunkLost, Made
from shared.transcodes.chunk import ChunkFile, ChunkKind, ChunkState, TranscodeChunk
from shared.transcodes.forecast import foresee
from shared.transcodes.hold import ChunkHold, JobOver
from shared.transcodes.layout import lay_out
from shared.transcodes.playback import PackageFile, package_file, playback_url
from shared.transcodes.request import PlannedTranscode, plan_for, request_transcode
from shared.transcodes.speeds import known_speeds, learn_speeds
from shared.transcodes.store import fetch_files, forget_files, keep_files

__all__ = [
    "Board",
    "ChunkFile",
    "ChunkHold",
    "ChunkKind",
    "ChunkLost",
    "ChunkState",
    "JobOver",
    "Made",
    "PackageFile",
    "PlannedTranscode",
    "TranscodeChunk",
    "fetch_files",
    "foresee",
    "forget_files",
    "keep_files",
    "known_speeds",
    "lay_out",
    "learn_speeds",
    "package_file",
    "plan_for",
    "playback_url",
    "request_transcode",
]
