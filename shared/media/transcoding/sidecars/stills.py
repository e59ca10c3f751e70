"""Stills: the poster and the thumbnails, single frames of the film found by seeking."""

from pathlib import Path

from shared.media.graph import command
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import shot_picture
from shared.media.graph.scaling import Size, fit_inside, for_jpeg
from shared.media.partials import scratch
from shared.media.transcoding.graph import Frames
from shared.media.transcoding.plan import TranscodePlan
from shared.media.transcoding.sidecars.work import Sidecar, Work

THUMBNAILS = 8
_THUMBNAIL = (640, 640)
_POSTER = (1920, 1920)
_QUALITY = 3
"""Of JPEG, as FFmpeg counts: 2 is best."""
_JUDGED = (64, 36)
"""Pixels that tell whether a picture shows anything."""
_DARK, _BRIGHT = 24, 230


def make_thumbnails(work: Work, folder: Path) -> list[Sidecar]:
    """One from the middle of each of as many equal parts of the film; the longer side 640 pixels, or the film's."""
    size = _size(work.plan, _THUMBNAIL)
    made = []
    for number, frame in enumerate(_moments(work.plan)):
        path = folder / f"thumbnail-{number + 1}.jpg"
        _grab(work, frame, size, path)
        made.append(Sidecar(f"thumbnail{number + 1}", path))
    return made


def make_poster(work: Work, thumbnails: list[Sidecar]) -> Sidecar:
    """The moment of the thumbnail that shows most, up to 1920 pixels: no black or blank frame where there is another."""
    moments = _moments(work.plan)
    if not thumbnails:
        with scratch() as folder:
            return make_poster(work, make_thumbnails(work, folder))
    best = max(range(len(moments)), key=lambda place: _interest(thumbnails[place].path))
    path = work.folder / "poster.jpg"
    _grab(work, moments[best], _size(work.plan, _POSTER), path)
    return Sidecar("poster", path)


def _moments(plan: TranscodePlan) -> list[int]:
    """Frames in the middle of equal parts."""
    count = min(THUMBNAILS, plan.frames)
    return [(2 * place + 1) * plan.frames // (2 * count) for place in range(count)]


def _size(plan: TranscodePlan, most: Size) -> Size:
    """Of the largest rendition, but no larger than `most`."""
    largest = plan.renditions[-1].size
    return fit_inside(largest, (min(most[0], largest[0]), min(most[1], largest[1])))


def _grab(work: Work, frame: int, size: Size, path: Path) -> None:
    import ffmpeg

    plan = work.plan
    shot = Frames(plan, work.source, range(plan.frames)).shot
    scale = plan.scale
    picture = shot_picture(shot, frame, frame + 1, size, scale, clear=False, inputs=Inputs(plan.frame_rate))
    options = {"format": "image2", "update": 1, "c:v": "mjpeg", "q:v": _QUALITY, "frames:v": 1, "map_metadata": -1}
    work.run(command([ffmpeg.output(for_jpeg(picture), str(path), **options)]), 1 / plan.frame_rate, path)


def _interest(path: Path) -> float:
    """How much there is to see: the spread of its brightness; less than nothing where all is dark or bright."""
    from statistics import fmean, pstdev

    import av

    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).reformat(*_JUDGED, format="gray")
        plane = frame.planes[0]
        data = bytes(plane)
    values = [value for row in range(plane.height) for value in data[row * plane.line_size :][: plane.width]]
    blank = not _DARK < fmean(values) < _BRIGHT
    return pstdev(values) - (256 if blank else 0)
