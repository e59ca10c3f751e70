"""Previews: a frame at a moment, a contact sheet, a small and quick film; all from the graph that makes the final one."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.core.errors import InvalidInput
from shared.kompositions.model import ImageOverlay, Komposition, Output, OverlayTrack
from shared.kompositions.passes.cache import Cache
from shared.kompositions.passes.film import Film, open_film
from shared.kompositions.passes.progress import RenderProgress
from shared.kompositions.passes.render import Rendered, render
from shared.media import Ffmpeg, find_ffmpeg, run_graph, tile_pictures
from shared.media.graph import SourceMedia, command
from shared.media.graph.scaling import for_jpeg

PROXY_SIDE = 360
"""Pixels of a proxy's shorter side."""
SHEET_WIDTH = 320
_AT_ONCE = 2
"""Runs of FFmpeg side by side: most of what one frame takes is opening files."""
_STILLS = {".png": "png", ".jpg": "mjpeg", ".jpeg": "mjpeg"}


def preview_frame(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    at: Fraction,
    output: Path,
    *,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = 60,
    ffmpeg: Ffmpeg | None = None,
) -> int:
    """Write the frame that is shown `at` seconds into the film to `output` (.png or .jpg), and return its number.

    A moment past the end means the last frame. Only what that frame needs is decoded. Raises what `render` does."""
    with open_film(komposition, media, ffmpeg or find_ffmpeg()) as film:
        number = _frame_at(film, at)
        _draw(film, number, output, None, should_cancel, timeout)
        return number


def preview_sheet(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    output: Path,
    *,
    columns: int = 4,
    rows: int = 3,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = 120,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Write a contact sheet of the film to `output` (.png): pictures from the middles of equal parts, each with its time.

    Only those frames are made. Raises what `render` does."""
    with open_film(komposition, media, ffmpeg or find_ffmpeg()) as film, TemporaryDirectory() as folder:
        timeline = film.timeline
        count = min(columns * rows, timeline.total_frames)
        step = timeline.duration / count
        width, height = _sheet_size(komposition.output)
        paths = [Path(folder) / f"{index:03}.png" for index in range(count)]

        def draw(index: int) -> None:
            number = _frame_at(film, Fraction(timeline.start_frame) / timeline.rate + step * (index + Fraction(1, 2)))
            _draw(film, number, paths[index], (width, height), should_cancel, timeout)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(draw, range(count)))
        tile_pictures(
            paths,
            (width, height),
            step,
            output,
            columns=min(columns, count),
            should_cancel=should_cancel,
            binary=film.ffmpeg,
        )


def preview_proxy(
    komposition: Komposition,
    media: Mapping[str, SourceMedia],
    output: Path,
    *,
    cache: Cache | None = None,
    on_progress: Callable[[RenderProgress], None] | None = None,
    should_cancel: Callable[[], bool] | None = None,
    timeout: float | None = None,
    ffmpeg: Ffmpeg | None = None,
) -> Rendered:
    """Render a small film, quickly, to `output` (.mp4): the same frames and sound, 360 pixels on the shorter side.

    Raises what `render` does."""
    return render(
        proxy_of(komposition, media),
        media,
        [output],
        cache=cache,
        on_progress=on_progress,
        should_cancel=should_cancel,
        timeout=timeout,
        ffmpeg=ffmpeg,
    )


def proxy_of(komposition: Komposition, media: Mapping[str, SourceMedia]) -> Komposition:
    """The komposition with one small output. Pictures laid over it pixel for pixel get the share of the width that they had."""
    first = komposition.output
    factor = min(Fraction(1), Fraction(PROXY_SIDE, min(first.width, first.height)))
    width, height = (max(16, ceil(side * factor / 2) * 2) for side in (first.width, first.height))
    small = Output(width=width, height=height, fps=first.fps, preset="ultrafast", crf=28, audio_bitrate=96)
    overlay = [_scaled(track, first, media) for track in komposition.tracks.overlay]
    tracks = komposition.tracks.model_copy(update={"overlay": overlay})
    return komposition.model_copy(update={"outputs": [small], "tracks": tracks})


def _scaled(track: OverlayTrack, output: Output, media: Mapping[str, SourceMedia]) -> OverlayTrack:
    items = [
        item.model_copy(update={"width": _share(item, output, media)})
        if isinstance(item, ImageOverlay) and item.width is None
        else item
        for item in track.items
    ]
    return track.model_copy(update={"items": items})


def _share(item: ImageOverlay, output: Output, media: Mapping[str, SourceMedia]) -> float | None:
    source = media.get(item.source_id)
    video = source.info.video if source is not None else None
    return None if video is None else video.display_size[0] / output.width


def _frame_at(film: Film, at: Fraction) -> int:
    timeline = film.timeline
    return min(max(timeline.start_frame, int(at * timeline.rate)), timeline.end_frame - 1)


def _draw(
    film: Film,
    number: int,
    output: Path,
    size: tuple[int, int] | None,
    should_cancel: Callable[[], bool] | None,
    timeout: float | None,
) -> None:
    """One frame of the film as a picture file."""
    import ffmpeg

    graph = film.graph(range(number, number + 1))
    picture = graph.picture
    if picture is None:
        raise InvalidInput("This komposition makes sound only: there is no picture to show.")
    if size is not None:
        picture = picture.filter("scale", *size, flags="bicubic")
    codec = _STILLS[output.suffix.lower()]
    options = {"format": "image2", "vcodec": codec, "update": 1, "frames:v": 1}
    if codec == "mjpeg":
        picture = for_jpeg(picture)
        options["qscale:v"] = 3
    arguments = command([ffmpeg.output(picture, str(output), **options)], graph.folder)
    run_graph(arguments, duration=1, output=output, should_cancel=should_cancel, timeout=timeout, ffmpeg=film.ffmpeg)


def _sheet_size(output: Output) -> tuple[int, int]:
    return SHEET_WIDTH, max(2, round(SHEET_WIDTH * output.height / output.width / 2) * 2)
