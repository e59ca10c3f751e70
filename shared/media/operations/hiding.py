"""face_blur: boxes of a film made unrecognisable. Where none are named, they are those of the faces that are found.

However many faces there are and however often the film cuts, the graph is of one size: the picture, all of it blurred, laid over
itself where a small mask says so. The mask is black with as many white boxes as faces are seen at once, moved by commands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from pathlib import Path
from typing import Annotated

from pydantic import Field

from shared.media.effects import filter_picture
from shared.media.effects.picture import finish
from shared.media.effects.regions import Box, FaceBlur
from shared.media.faces import FaceTrack, find_detector
from shared.media.graph.inputs import Inputs
from shared.media.graph.picture import join
from shared.media.graph.scaling import Size
from shared.media.graph.streams import Stream, combine, ratio
from shared.media.operations.clips import Clip, kept_sound, whole_clip
from shared.media.operations.kind import FilmCoding, operation
from shared.media.operations.run import Run, film_tracks
from shared.media.reframing.watching import Watched, watch

_LOOKING = 0.4
"""Of the whole work, as progress tells it."""
_EVERY = 0.1
"""Seconds from one look for faces to the next: who goes by quickly must be followed too."""
_LASTING = 0.5
"""Seconds before a face was first found and after it was last found in which it is hidden too, unless the film cuts."""
_GROWN = 0.15
"""Of a face's size, on each side: what finds faces marks them from the brows to the chin."""
_SPREAD = 1.5
"""Times as large as a face a box may become before another one follows it."""
_SMALL = 4
"""Times smaller than the picture that the mask is."""
_PIECE = 9000
"""Frames of the mask that have commands of their own: with each frame FFmpeg goes through all that there are."""

Rect = tuple[float, float, float, float]
"""Left, top, right and bottom as fractions of the frame."""


class FaceBlurFilm(FaceBlur, FilmCoding):
    """Which boxes, and how they are hidden."""

    regions: Annotated[list[Box], Field(max_length=32)] = Field(
        default=[], description="Left out: every face that is found is hidden"
    )


@dataclass(frozen=True)
class Hidden:
    """A box that hides something from frame `first` up to frame `last`."""

    first: int
    last: int
    rect: Rect


def face_blur(run: Run, params: FaceBlurFilm) -> None:
    """Hides faces, or anything else in a box. The sound is copied.

    Without boxes the faces are looked for. Those turned away, very small or in the dark may be missed: look at the result."""
    clip = whole_clip(run.sources[0])
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    picture = clip.picture(inputs)
    if params.regions:
        given = params.model_dump(include=set(FaceBlur.model_fields), exclude_unset=True)
        picture = filter_picture(picture, "face_blur", given, clip.frame())
    else:
        picture = _without_faces(run, params, clip, picture, inputs)
    sound = kept_sound(inputs, clip.media, run.container) or clip.sound(inputs)
    run.write(coding, film_tracks(coding, picture, clip.frames, sound), clip.seconds)


def _without_faces(run: Run, params: FaceBlurFilm, clip: Clip, picture: Stream, inputs: Inputs) -> Stream:
    watched = watch(
        clip.media.path,
        clip.info,
        (0.0, float(clip.media.info.exact_duration)),
        cuts=None,
        faces=None,
        detector=find_detector(),
        every=_EVERY,
        whole=_EVERY,
        on_progress=lambda fraction: run.report(_LOOKING * fraction),
        should_cancel=run.should_cancel or (lambda: False),
    )
    run.passed(_LOOKING)
    if not watched.faces:
        run.notes.append("No face was found, so nothing is hidden. Name regions, to hide what you see.")
        return picture
    run.notes.append(
        f"Faces that were found and hidden: {len(watched.faces)}, counted anew in each scene. Look at the result: those turned "
        "away may be missed."
    )
    lanes = lanes_of([list(boxes_of(track, watched, clip, params.padding)) for track in watched.faces])
    largest = max(max(width * clip.size[0], height * clip.size[1]) for width, height in (f.size for f in watched.faces))
    return _hidden(picture, _mask(lanes, clip, inputs, run.folder), params, clip, largest)


def boxes_of(track: FaceTrack, watched: Watched, clip: Clip, padding: float) -> Iterator[Hidden]:
    """What hides a face, one after the other: each as large as all places of the face while it is there."""
    scenes = pairwise((watched.start, *watched.cuts, watched.end))
    begin, end = next(((one, other) for one, other in scenes if one <= track.start < other), (track.start, track.end))
    last = track.boxes[-1]
    stops = [*(max(box.at, begin) for box in track.boxes), min(end, last.at + _LASTING)]
    stops[0] = max(begin, track.start - _LASTING)
    margin = _GROWN + padding
    rects = [_grown((box.x, box.y, box.x + box.width, box.y + box.height), margin) for box in track.boxes]
    hidden: Hidden | None = None
    for (start, stop), rect, following in zip(pairwise(stops), rects, [*rects[1:], rects[-1]], strict=True):
        both = _union(rect, following)
        first, over = floor(start * float(clip.rate)), min(clip.frames, ceil(stop * float(clip.rate)))
        wider = both if hidden is None else _union(hidden.rect, both)
        if hidden is not None and _area(wider) <= _SPREAD * _area(both):
            hidden = Hidden(hidden.first, over, wider)
            continue
        if hidden is not None:
            yield hidden
        hidden = Hidden(first, over, both)
    if hidden is not None:
        yield hidden


def lanes_of(tracks: Sequence[Sequence[Hidden]]) -> list[list[Hidden]]:
    """The boxes of all tracks on as few lanes as there are tracks at once; on a lane they follow each other."""
    lanes: list[list[Hidden]] = []
    for boxes in sorted(tracks, key=lambda boxes: boxes[0].first):
        free = next((lane for lane in lanes if lane[-1].last <= boxes[0].first), None)
        if free is None:
            lanes.append(free := [])
        free += boxes
    return lanes


def _mask(lanes: Sequence[Sequence[Hidden]], clip: Clip, inputs: Inputs, folder: Path) -> Stream:
    """White where something is hidden; small."""
    pieces = []
    for begin in range(0, clip.frames, _PIECE):
        end = min(begin + _PIECE, clip.frames)
        here = {
            f"drawbox@from{begin}lane{n}": boxes for n, lane in enumerate(lanes) if (boxes := _within(lane, begin, end))
        }
        pieces.append(_piece(here, clip.rate, _small(clip.size), inputs, folder / f"boxes-{begin}.txt", end - begin))
    return join(pieces, clip.rate)


def _piece(
    lanes: Mapping[str, Sequence[Hidden]], rate: Fraction, size: Size, inputs: Inputs, path: Path, frames: int
) -> Stream:
    """So many frames of the mask; `lanes` by the names of the filters that draw them. Commands reach all filters of a name."""
    mask = inputs.generate("color", c="black", s=f"{size[0]}x{size[1]}", r=ratio(rate)).filter("format", "gray")
    mask = mask.filter("trim", end_frame=frames)
    if lanes:
        path.write_text("".join(_commands(lanes, rate, size)), encoding="ascii")
        mask = mask.filter("sendcmd", filename=str(path))
    for name in lanes:
        mask = mask.filter(name, x=2 * size[0], y=0, w=1, h=1, color="white", thickness="fill")
    return mask


def _within(lane: Sequence[Hidden], begin: int, end: int) -> list[Hidden]:
    """What of a lane lies between two frames, counted from the first of them."""
    return [
        Hidden(max(0, each.first - begin), min(end, each.last) - begin, each.rect)
        for each in lane
        if each.first < end and each.last > begin
    ]


def _small(size: Size) -> Size:
    return max(16, ceil(size[0] / _SMALL)), max(16, ceil(size[1] / _SMALL))


def _commands(lanes: Mapping[str, Sequence[Hidden]], rate: Fraction, size: Size) -> Iterator[str]:
    """What moves the boxes of all lanes, in order of time."""
    width, height = size
    changes: list[tuple[int, str]] = []
    for drawer, lane in lanes.items():
        for hidden, following in zip(lane, [*lane[1:], None], strict=True):
            left, top = floor(hidden.rect[0] * width), floor(hidden.rect[1] * height)
            right, bottom = ceil(hidden.rect[2] * width), ceil(hidden.rect[3] * height)
            place = {"x": left, "y": top, "w": max(1, right - left), "h": max(1, bottom - top)}
            told = ",".join(f"{drawer} {name} {value}" for name, value in place.items())
            changes.append((hidden.first, told))
            if following is None or following.first > hidden.last:
                changes.append((hidden.last, f"{drawer} x {2 * width}"))
    for frame, told in sorted(changes, key=lambda change: change[0]):
        yield f"{max(0.0, (frame - 0.5) / float(rate)):.6f} {told};\n"


def _hidden(picture: Stream, mask: Stream, params: FaceBlurFilm, clip: Clip, largest: float) -> Stream:
    """The picture with all of it made unrecognisable where the mask is white. `largest`: pixels of a side of a face."""
    reach = max(2.0, params.strength * largest * (1 + 2 * (_GROWN + params.padding)) / 2)
    copies = picture.split()
    if params.style == "pixelate":
        blurred = copies[1].filter("pixelize", w=min(1024, round(reach)), h=min(1024, round(reach)))
    else:
        small = copies[1].filter("scale", *_small(clip.size), flags="area")
        blurred = small.filter("gblur", sigma=f"{min(reach / 1.5, 1024) / _SMALL:.3f}", steps=2)
        blurred = blurred.filter("scale", *clip.size, flags="bilinear")
    over = combine([blurred, mask.filter("scale", *clip.size, flags="neighbor")], "alphamerge")
    return finish(copies[0].overlay(over, shortest=1))


def _grown(rect: Rect, margin: float) -> Rect:
    across, down = (rect[2] - rect[0]) * margin, (rect[3] - rect[1]) * margin
    return max(0.0, rect[0] - across), max(0.0, rect[1] - down), min(1.0, rect[2] + across), min(1.0, rect[3] + down)


def _union(one: Rect, other: Rect) -> Rect:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _area(rect: Rect) -> float:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])


OPERATIONS = (operation(face_blur, FaceBlurFilm, "region", ("video",)),)
