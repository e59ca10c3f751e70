"""Fidelity: how like its reference a picture is, on a few frames from places all over the film."""

import re
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import log10
from pathlib import Path
from statistics import fmean

from shared.media.errors import UnreadableMedia
from shared.media.ffmpeg import Ffmpeg, find_ffmpeg
from shared.media.graph.fields import DEINTERLACE
from shared.media.graph.scaling import decoder, is_clear, is_wide
from shared.media.graph.seeking import ENTERED_ANYWHERE, sure_start
from shared.media.graph.streams import decimal
from shared.media.info import MediaInfo
from shared.media.quality.report import Fidelity

FEWEST, MOST, ONE_IN = 5, 40, 80
"""Frames that are compared: one in 80, at least 5, at most 40."""
RUN = 5
"""Frames in a row at one place, more or less: VMAF looks at motion too. What costs is to get there, from the last key frame
on, in both files."""
LEAST = 32
"""Pixels a side: of smaller pictures libvmaf crashes."""
LARGEST = 1920 * 1080
"""Pixels: what is larger is compared at that size, for which VMAF's model was made."""
SAME_LENGTH = Fraction(1, 2)
"""Seconds that a film may be longer or shorter than its reference."""
_VMAF = re.compile(r"VMAF score: ([\d.]+)")
_SSIM = re.compile(r"SSIM .*All:([\d.]+)")
_PSNR = re.compile(r"PSNR .*average:([\d.]+|inf)")
_WHOLE = "bwdif=" + ":".join(f"{name}={value}" for name, value in DEINTERLACE.items())
"""Of the reference, for results have no fields."""
_ON_BLACK = "premultiply=inplace=1"
"""Of a transparent reference, as results are made of it."""
_FEWER = Fraction(9, 10)
"""Of a film's frames: a reference with less than so many holds some of them for longer."""
_IDENTICAL = 100.0
"""dB that stand for no difference."""


@dataclass(frozen=True)
class Comparison:
    """The arguments of a run that compares, and how many frames it compares."""

    arguments: list[str]
    frames: int


def comparable(info: MediaInfo, reference: MediaInfo) -> bool:
    """Whether both show the same at the same time: pictures of one length, shape and dynamic range."""
    ours, theirs = info.video, reference.video
    if ours is None or theirs is None or info.is_still or reference.is_still:
        return False
    (width, height), (wide, high) = ours.display_size, theirs.display_size
    return (
        abs(info.exact_duration - reference.exact_duration) <= SAME_LENGTH
        and abs(width * high - height * wide) <= 2 * max(width, wide)
        and is_wide(ours) == is_wide(theirs)
    )


def comparing(
    path: Path, reference: Path, info: MediaInfo, ffmpeg: Ffmpeg | None, wanted: MediaInfo | None = None
) -> Comparison:
    """Compare `path` to its reference at a few places. The frame of the reference is the one nearest in time; where what
    `wanted` tells of it makes that hard to find, the one that is on screen then."""
    rate = (info.video.frame_rate if info.video else None) or Fraction(25)
    shown = _shown(info, wanted)
    total = max(1, int(shown * rate))
    count = min(total, MOST, max(FEWEST, total // ONE_IN))
    places = max(1, count // RUN)
    length = float(Fraction(count, places) / rate)
    width, height = _size(info)
    fields = "null" if wanted is not None and wanted.video is not None and not wanted.video.interlaced else _WHOLE
    picture = str(wanted.video.index) if wanted is not None and wanted.video is not None else "v:0"
    arguments, graph = ["-loglevel", "info"], []
    for place in range(places):
        begin = max(0.0, float(shown) * (place + 0.5) / places - length / 2)
        start = Fraction(round(begin * rate)) / rate
        cut, whole = ["-ss", decimal(start), "-t", f"{length:.6f}"], fields
        arguments += [*cut, "-i", str(path.absolute())]
        if wanted is not None and _is_looked_up(wanted, rate):
            # The frame on screen may have begun long before: reading begins with the key frame before it.
            entered = _entered(reference, wanted, start)
            cut = ["-noaccurate_seek", "-ss", decimal(entered)]
            late = decimal(start - entered)
            whole = f"setpts=PTS-{late}/TB,fps={rate}:start_time=0,trim=end={length:.6f},{fields}"
        if wanted is not None and wanted.video is not None and is_clear(wanted.video):
            cut += [argument for name, value in decoder(wanted.video).items() for argument in (f"-{name}", value)]
            whole = f"{whole},{_ON_BLACK}"
        arguments += [*cut, "-i", str(reference.absolute())]
        scale = f"scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p"
        graph += [f"[{2 * place}:v:0]{scale}[a{place}]", f"[{2 * place + 1}:{picture}]{whole},{scale}[b{place}]"]
        graph += _measures(place, ffmpeg)
    outputs = [option for place in range(places) for option in ("-map", f"[o{place}]", "-f", "null", "-")]
    return Comparison([*arguments, "-filter_complex", ";".join(graph), *outputs], count)


def _shown(info: MediaInfo, reference: MediaInfo | None) -> Fraction:
    """Seconds in which there is a picture to compare: that of a reference may end before its sound."""
    video = reference.video if reference is not None else None
    if video is None or video.exact_duration is None:
        return info.exact_duration
    return min(info.exact_duration, video.start + video.exact_duration)


def _is_looked_up(reference: MediaInfo, rate: Fraction) -> bool:
    """Whether the frame of the reference at a moment is found only from before it: as it may be on screen for longer than one of
    a film at `rate`, or as the file is entered between key frames."""
    video = reference.video
    if video is None:
        return False
    slow = video.variable_frame_rate or (video.average_frame_rate or rate) < rate * _FEWER
    return slow or reference.container in ENTERED_ANYWHERE


def _entered(path: Path, info: MediaInfo, moment: Fraction) -> Fraction:
    """Where reading begins, in seconds of the file."""
    assert info.video is not None
    return sure_start(path, info.video.index, moment, moment) if info.container in ENTERED_ANYWHERE else moment


def fidelity_of(log: str, frames: int) -> Fidelity:
    """What a run of `comparing` said. Raises `UnreadableMedia` when it said nothing."""
    vmaf, ssim, psnr = _VMAF.findall(log), _SSIM.findall(log), _PSNR.findall(log)
    if not vmaf and not ssim:
        raise UnreadableMedia("FFmpeg could not compare the result with its source.")
    return Fidelity(
        frames=frames,
        vmaf=round(fmean(map(float, vmaf)), 2) if vmaf else None,
        ssim=round(fmean(map(float, ssim)), 5) if ssim else None,
        psnr=round(_mean_psnr(psnr), 2) if psnr else None,
    )


def _size(info: MediaInfo) -> tuple[int, int]:
    width, height = info.video.display_size if info.video else (LEAST, LEAST)
    factor = min(1.0, (LARGEST / (width * height)) ** 0.5)
    return max(LEAST, round(width * factor / 2) * 2), max(LEAST, round(height * factor / 2) * 2)


def _measures(place: int, ffmpeg: Ffmpeg | None) -> list[str]:
    pair = f"[a{place}][b{place}]"
    if has_vmaf(ffmpeg or find_ffmpeg()):
        return [f"{pair}libvmaf=n_threads=2:ts_sync_mode=nearest[o{place}]"]
    split = f"[a{place}]split[c{place}][d{place}];[b{place}]split[e{place}][f{place}]"
    ssim = f"[c{place}][e{place}]ssim=ts_sync_mode=nearest[s{place}]"
    psnr = f"[d{place}][f{place}]psnr=ts_sync_mode=nearest[p{place}]"
    return [split, ssim, psnr, f"[s{place}][p{place}]hstack[o{place}]"]


def _mean_psnr(told: list[str]) -> float:
    """By the mean of the errors, as over one film; none: 100 dB."""
    errors = fmean(0.0 if value == "inf" else 10 ** (-float(value) / 10) for value in told)
    return _IDENTICAL if errors == 0 else min(_IDENTICAL, -10 * log10(errors))


@cache
def has_vmaf(ffmpeg: Ffmpeg) -> bool:
    """Whether this FFmpeg can measure VMAF."""
    command = [str(ffmpeg.path), "-hide_banner", "-filters"]
    return " libvmaf " in subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
