"""A contact sheet: evenly spaced pictures of a video in a grid, each with its time, as one PNG by one FFmpeg run."""

from collections.abc import Callable
from pathlib import Path

from shared.media.errors import UnreadableMedia
from shared.media.ffmpeg import Ffmpeg
from shared.media.info import MediaInfo
from shared.media.runner import RunResult, run_graph

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
        ffmpeg.input(str(video.absolute()))[f"{stream.index}"]
        .filter("fps", fps=f"{step.denominator}/{step.numerator}", round="near", start_time=0)
        .filter("scale", width, height, flags="bicubic")
        .filter("setsar", 1)
        .filter("tpad", stop_mode="clone", stop=count)
        .filter("trim", end_frame=count)
    )
    if show_times:
        pictures = pictures.filter("drawtext", **_caption(height, float(step)))
    sheet = pictures.filter("tile", f"{columns}x{rows}", padding=GAP, margin=GAP, color="0x101418")
    graph = ffmpeg.output(sheet, str(output), format="image2", vcodec="png", update=1, **{"frames:v": 1})
    return run_graph(
        ffmpeg.get_args(graph),
        duration=info.exact_duration,
        output=output,
        should_cancel=should_cancel,
        timeout=timeout,
        ffmpeg=binary,
    )


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
