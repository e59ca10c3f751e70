"""Turns FFmpeg's exit status and standard error into one error with a sentence that helps."""

import re
import signal
from collections.abc import Mapping, Sequence

from shared.media.errors import FfmpegKilled, OutOfMemory, OutOfSpace, RenderFailed
from shared.media.formats import MAX_SIDE
from shared.media.limits import Limits, output_too_large

_CONTEXT = re.compile(r"^(\[[^\]]*\] *)*")
_FOLDERS = re.compile(r"(?<![\w/])/(?:[^\s/:'\"]+/)+")
_INPUT = re.compile(r"^Error opening input file (.*)\.$", re.MULTILINE)
_REPEATED = re.compile(r"^ *Last message repeated \d+ times$")
_CRASHES = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
_LONGEST = 300
_EMPTY = "Empty output stream"
_CONSEQUENCES = (
    "Conversion failed",
    "Terminating thread",
    "Task finished with error",
    "Error while",
    "Error opening",
    "Error parsing",
    "Error binding",
    "Error splitting",
    "Error selecting",
    "Error sending",
    "Error reinitializing",
    "Error initializing",
    "Error during demuxing",
    "Failed to configure",
    "Failed to set value",
    "Device creation failed",
    "Could not open encoder",
    "Could not write header",
    "Nothing was written",
    _EMPTY,
)

_OLD_DRIVER = (
    r"minimum required Nvidia driver for nvenc is ([\d.]+)",
    "NVIDIA's driver is too old for the GPU encoders of this FFmpeg: they need {0}. Install that, or let KOMPO_FFMPEG name "
    "an older FFmpeg.",
)

# What FFmpeg says, and what it means to the person whose film it is. Where {input} is told, FFmpeg named the file.
_MEANINGS: Sequence[tuple[str, str]] = (
    (
        r"not on whitelist",
        "{input} is of a kind that is not opened: playlists, scripts and addresses are not. Use the media file itself.",
    ),
    (r"Error opening input: No such file", "{input} is not there any more. Upload it again."),
    (
        r"moov atom not found|Error opening input: (Invalid data|End of file)|Error opening input: Input/output error",
        "{input} is damaged or incomplete. Play it on your own machine first; if it plays, export it as MP4 and upload that.",
    ),
    (
        r"exceeds specified max pixel count",
        f"A source has pictures of more than {MAX_SIDE} x {MAX_SIDE} pixels, the most that is decoded. Scale it down first.",
    ),
    (
        r"Picture size (\d{4,})x(\d{4,}) is invalid",
        "A picture of {0} x {1} pixels is more than can be handled. Choose a smaller one.",
    ),
    (
        r"(?:no decoder found for: |Unknown decoder ')([\w-]+)",
        "A source is coded as {0}, which cannot be decoded here. Export it as MP4 (H.264, AAC) and use that.",
    ),
    (r"Unknown encoder '([\w-]+)'", "This FFmpeg has no encoder {0}. Choose another codec, or install a full build."),
    (r"No such filter: '([\w-]+)'", "This FFmpeg has no filter {0}. Install a full build of it."),
    (r"option '(\w+)' to filter '(\w+)': Option not found", "FFmpeg's filter {1} has no option {0}. Leave it out."),
    (
        r"Stream (?:map|specifier) '?([^' ]*)'?.* matches no streams|Invalid input file index",
        "A source lacks the picture or the sound that is taken from it. Choose one that has it, or do without.",
    ),
    (
        r"Output file does not contain any stream",
        "The sources have neither picture nor sound that the result can hold. Choose others, or another kind of file.",
    ),
    (
        r"Impossible to convert between the formats",
        "The colours of a source are told in a way that cannot be converted here. Export it as MP4 (H.264, BT.709) and use that.",
    ),
    (r"Unknown pixel format requested: ([\w-]+)", "There is no pixel format {0}. Choose another, such as yuv420p."),
    _OLD_DRIVER,
    (
        r"Cannot load libnvidia-encode|No capable devices found|no NVENC capable",
        "This machine has no GPU that encodes. Choose the CPU.",
    ),
    (r"Cannot load (?:libcuda|libnvcuvid|nvcuda)", "This machine has no GPU that can be used. Choose the CPU."),
    (r"Failed to get pixel format", "The GPU does not decode a source."),
    (
        r"(?:width|height) not divisible by 2 \((\d+)x(\d+)\)",
        "{0} x {1} pixels cannot be coded: both must be even. Choose even numbers.",
    ),
)
_UNDECODABLE = re.compile(r"Cannot determine format of input|Decode error rate")
_OF_DECODING = ("Decoding error", "Error submitting packet to decoder")
_COMPILED = [(re.compile(said), meant) for said, meant in _MEANINGS]


def failure(
    status: int, stderr: str, limits: Limits | None = None, names: Mapping[str, str] | None = None
) -> RenderFailed:
    """The error for a run that ended with `status` (negative: killed by that signal) under `limits`.

    `names` says how paths that FFmpeg was given are called before people; of all other paths the folders are left out."""
    if status == -signal.SIGXFSZ or "File too large" in stderr:
        return output_too_large(limits.output if limits else None)
    if "No space left on device" in stderr or "Disk quota exceeded" in stderr:
        return OutOfSpace.on_disk()
    if status == -signal.SIGKILL:
        return FfmpegKilled("FFmpeg was killed, most likely because the machine ran out of memory.")
    if "Cannot allocate memory" in stderr:
        return OutOfMemory(
            "The machine has not enough memory. Use smaller pictures, or fewer layers and sources at the same time."
        )
    if -status in _CRASHES:
        return RenderFailed(
            f"FFmpeg crashed ({signal.Signals(-status).name}), most likely over a damaged source. "
            "Export the sources again and use those."
        )
    for path, name in sorted((names or {}).items(), key=lambda pair: -len(pair[0])):
        stderr = stderr.replace(path, name)
    return RenderFailed(_meaning(stderr) or _told(stderr, status))


def gpu_refusal(stderr: str) -> str:
    """Why a GPU does not do what it was tried with."""
    needed = re.search(_OLD_DRIVER[0], stderr)
    return _OLD_DRIVER[1].format(*needed.groups()) if needed else useful_line(stderr)


def useful_line(stderr: str) -> str:
    """The line that tells the cause, without local folders: where the first consequence shows, what had been said just before.

    Complaints of decoders, which FFmpeg survives, come earlier."""
    said = [line.strip() for line in stderr.splitlines() if line.strip() and not _REPEATED.search(line)]
    lines = [line for line in said if "[dec:" not in _context(line)] or said
    first = next((place for place, line in enumerate(lines) if _is_consequence(line)), len(lines))
    while first > 1 and _context(lines[first - 2]) == _context(lines[first - 1]):
        first -= 1
    chosen = lines[max(0, first - 1)] if lines else ""
    return _FOLDERS.sub("", _CONTEXT.sub("", chosen))[:_LONGEST]


def _meaning(stderr: str) -> str | None:
    named = _INPUT.search(stderr)
    given = _FOLDERS.sub("", named.group(1)) if named else "A source"
    for said, meant in _COMPILED:
        if found := said.search(stderr):
            return meant.format(*found.groups(), input=given)
    return None


def _told(stderr: str, status: int) -> str:
    reason = useful_line(stderr)
    if _UNDECODABLE.search(stderr) or reason.startswith(_OF_DECODING):
        return "A source is damaged: nothing of it can be decoded. Export it again, as MP4 (H.264, AAC), and use that."
    if reason.startswith(_EMPTY):
        return "FFmpeg found nothing to write: the part of a source that is wanted has no picture, or no sound. Choose another."
    if reason:
        return f"FFmpeg could not make the result: {reason}"
    return f"FFmpeg ended with status {status} and no reason."


def _is_consequence(line: str) -> bool:
    return _CONTEXT.sub("", line).startswith(_CONSEQUENCES)


def _context(line: str) -> str:
    found = _CONTEXT.match(line)
    return found.group().strip() if found else ""
