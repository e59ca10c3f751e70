"""A contact sheet: evenly spaced pictures of a video in a grid, each with its time, as one PNG by one FFmpeg run."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from shared.media.errors import UnreadableMedia
from shared.media.ffmpeg import Ffmpeg
from shared.media.graph.picture import held
from shared.media.info import MediaInfo
from shared.media.runner import RunResult, run_graph

Stream = Any
"""A stream of ffmpeg-python, which has no types."""

GAP = 8
"""Pixels between and around the pictures."""


def make_contact_sheet(
    video: Path,
    info: MediaInfo,
    output: Path,
    *,
    columns: int = 4,
    rows: int = 3,
    width: int = 320,
    show_times: bool = True,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = 120,
    binary: Ffmpeg | None = None,
) -> RunResult:
    """Write `columns` x `rows` pictures of `video`, each `width` pixels wide, to `output` (PNG), in reading order.

    Picture k shows the middle of the k-th equal part of the video. Raises `UnreadableMedia` for a file without moving
    pictures, and what `run_graph` raises."""
    import ffmpeg

    stream = info.video
    if stream is None or stream.kind != "video" or info.exact_duration <= 0:
        raise UnreadableMedia("A contact sheet needs a video with moving pictures.")
    count = columns * rows
    shown_width, shown_height = stream.display_size
    height = max(2, round(width * shown_height / shown_width / 2) * 2)
    step = info.exact_duration / count
    pictures = (
        held(ffmpeg.input(str(video.absolute()))[f"{stream.index}"], stream)
        .filter("fps", fps=f"{step.denominator}/{step.numerator}", round="near", start_time=0)
        .filter("scale", width, height, flags="bicubic")
        .filter("setsar", 1)
        .filter("tpad", stop_mode="clone", stop=count)
        .filter("trim", end_frame=count)
    )
    sheet = _sheet(pictures, (columns, rows), float(step) if show_times else None, height)
    return run_graph(
        ffmpeg.get_args(_png(sheet, output)),
        duration=info.exact_duration,
        output=output,
        should_cancel=should_cancel,
        timeout=timeout,
        ffmpeg=binary,
    )


def tile_pictures(
    pictures: Sequence[Path],
    size: tuple[int, int],
    step: Fraction,
    output: Path,
    *,
    columns: int = 4,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float = 60,
    binary: Ffmpeg | None = None,
) -> RunResult:
    """Write PNG files of one `size` as a contact sheet to `output` (PNG), in reading order.

    Picture k is from the middle of the k-th of equal parts of `step` seconds, and says so. Raises what `run_graph` raises."""
    import ffmpeg

    rows = -(-len(pictures) // columns)
    streams = [ffmpeg.input(str(picture.absolute()), format="png_pipe").filter("setsar", 1) for picture in pictures]
    joined = ffmpeg.concat(*streams) if len(streams) > 1 else streams[0]
    held = joined.filter("tpad", stop=columns * rows - len(pictures), color="0x101418")
    sheet = _sheet(held, (columns, rows), float(step), size[1], len(pictures))
    arguments = ffmpeg.get_args(_png(sheet, output))
    return run_graph(arguments, duration=1, output=output, should_cancel=should_cancel, timeout=timeout, ffmpeg=binary)


def _sheet(
    pictures: Stream, grid: tuple[int, int], step: float | None, height: int, count: int | None = None
) -> Stream:
    """Pictures in a grid; with their times if `step` is given, the first `count` of them."""
    if step is not None:
        shown = {} if count is None else {"enable": f"lt(n,{count})"}
        pictures = pictures.filter("drawtext", **_caption(height, step), **shown)
    return pictures.filter("tile", f"{grid[0]}x{grid[1]}", padding=GAP, margin=GAP, color="0x101418")


def _png(sheet: Stream, output: Path) -> Stream:
    import ffmpeg

    return ffmpeg.output(sheet, str(output), format="image2", vcodec="png", update=1, **{"frames:v": 1})


def _caption(height: int, step: float) -> dict[str, str | int]:
    """Options of drawtext: the middle of each picture's part as minutes and seconds, bottom left, on a dark band."""
    return {
        "text": f"%{{eif:floor((n+0.5)*{step:.6f}/60):d:2}}\\:%{{eif:mod(floor((n+0.5)*{step:.6f}),60):d:2}}",
        "x": 8,
        "y": "h-th-8",
        "fontsize": max(10, height // 11),
        "fontcolor": "white",
        "box": 1,
        "boxcolor": "black@0.55",
        "boxborderw": 5,
    }
