"""Sizes and shapes: any size, and the shapes that platforms want."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from shared.core.errors import FieldError
from shared.media.graph.inputs import Inputs
from shared.media.graph.scaling import CENTRE, Anchor, Scale, Size
from shared.media.info import MediaInfo
from shared.media.operations.clips import kept_sound, size_errors, size_for, whole_clip
from shared.media.operations.interest import find_interest
from shared.media.operations.kind import FilmCoding, Operation, Pixels, operation
from shared.media.operations.run import Run, film_tracks

Crop = Literal["center", "smart", "letterbox", "blur", "stretch", "top", "bottom"]
SHAPES: dict[str, Size] = {
    "youtube_landscape": (1920, 1080),
    "instagram_square": (1080, 1080),
    "instagram_story": (1080, 1920),
    "tiktok_vertical": (1080, 1920),
    "twitter_landscape": (1280, 720),
    "facebook_square": (1080, 1080),
    "cinema_wide": (2560, 1080),
}
_SCALES: dict[Crop, Scale] = {"letterbox": "contain", "blur": "blur", "stretch": "stretch"}
_ANCHORS: dict[Crop, Anchor] = {
    "top": (Fraction(1, 2), Fraction(0)),
    "bottom": (Fraction(1, 2), Fraction(1)),
}


class Resize(FilmCoding):
    """The size: its width, its height, or both."""

    width: Pixels | None = Field(default=None, description="Left out: as the height and the picture's shape want it")
    height: Pixels | None = Field(default=None, description="Left out: as the width and the picture's shape want it")
    fit: Scale = Field(
        default="contain",
        description="Where the shape differs: contain shows all between bars, blur on a blurred copy; cover crops; "
        "stretch distorts",
    )


class Shape(FilmCoding):
    """How the picture comes into the platform's shape."""

    crop: Crop = Field(
        default="center",
        description="Which part is seen: the middle, the top, the bottom, or (smart) where most can be seen to happen; "
        "letterbox and blur show all, between bars or on a blurred copy; stretch distorts",
    )
    scale: float = Field(
        default=1.0, ge=0.1, le=1.0, description="Of the platform's full size: 0.5 is half of it, for a preview"
    )


def resize(run: Run, params: Resize) -> None:
    """Makes the picture larger or smaller. Its shape is kept unless asked otherwise; the sound is copied."""
    info = run.sources[0].info.video
    assert info is not None, "inputs are checked for what is needed"
    _write(run, params, size_for(info, params.width, params.height), params.fit, CENTRE)


def _shaped(name: str, size: Size) -> Operation:
    width, height = size
    description = f"Brings a film into the shape {width} x {height}, cropped or fitted as asked; the sound is copied."

    def make(run: Run, params: Shape) -> None:
        wanted = _even(width * params.scale), _even(height * params.scale)
        anchor = _ANCHORS.get(params.crop, CENTRE)
        if params.crop == "smart":
            anchor = find_interest(run, wanted)
        _write(run, params, wanted, _SCALES.get(params.crop, "cover"), anchor)

    return Operation(name, description, "framing", Shape, make, ("video",))


def _write(run: Run, params: FilmCoding, size: Size, scale: Scale, anchor: Anchor) -> None:
    clip = whole_clip(run.sources[0])
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    picture = clip.picture(inputs, size, scale, anchor)
    sound = kept_sound(inputs, clip.media, run.container) or clip.sound(inputs)
    run.write(coding, film_tracks(coding, picture, clip.frames, sound), clip.seconds)


def _check_size(infos: Sequence[MediaInfo], params: Resize) -> Iterator[FieldError]:
    if params.width is None and params.height is None:
        yield FieldError("/params/width", "Say how wide or how high the picture is to be.", "missing")
    yield from size_errors(infos[0].video, params.width, params.height)


def _even(value: float) -> int:
    return max(2, round(value / 2) * 2)


OPERATIONS = (
    operation(resize, Resize, "framing", ("video",), check=_check_size),
    *(_shaped(name, size) for name, size in SHAPES.items()),
)
