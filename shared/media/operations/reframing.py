"""reframe: a film in another shape that follows faces and what moves."""

from dataclasses import replace
from fractions import Fraction

from pydantic import Field

from shared.media.effects.kind import unit
from shared.media.graph.inputs import Inputs
from shared.media.graph.scaling import Size
from shared.media.info import MediaInfo
from shared.media.operations.clips import kept_sound, whole_clip
from shared.media.operations.kind import FilmCoding, operation
from shared.media.operations.run import Run, film_tracks
from shared.media.reframing.aspect import Aspect, read_aspect
from shared.media.reframing.framing import framing_of
from shared.media.reframing.planning import plan_reframe

_PLANNING = 0.4
"""Of the whole work, as progress tells it."""
_LARGEST = 1080
"""Pixels of the shorter side unless another size is asked for."""


class Reframe(FilmCoding):
    """The shape, and how large."""

    aspect: Aspect = Field(default="9:16", description="Width:height")
    shorter_side: int | None = Field(
        default=None,
        ge=16,
        le=4320,
        multiple_of=2,
        json_schema_extra=unit("pixels"),
        description="Left out: the picture's own, 1080 at most",
    )


def reframe(run: Run, params: Reframe) -> None:
    """Brings a film into another shape: the view follows faces, else what moves, and cuts with the film; the sound is copied."""
    source = run.sources[0]
    plan = plan_reframe(
        source.path,
        params.aspect,
        on_progress=lambda fraction: run.report(_PLANNING * fraction),
        should_cancel=run.should_cancel or (lambda: False),
    )
    run.passed(_PLANNING)
    clip = replace(whole_clip(source), framing=framing_of(plan))
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    picture = clip.picture(inputs, reframed_size(source.info, read_aspect(params.aspect), params.shorter_side))
    sound = kept_sound(inputs, clip.media, run.container) or clip.sound(inputs)
    run.write(coding, film_tracks(coding, picture, clip.frames, sound), clip.seconds)


def reframed_size(info: MediaInfo, aspect: Fraction, shorter_side: int | None = None) -> Size:
    """Even pixels of a frame of this shape, its shorter side as asked for or as the picture has it."""
    own = min(info.video.display_size) if info.video else _LARGEST
    side = shorter_side or min(own, _LARGEST)
    across, down = max(Fraction(1), aspect) * side, max(Fraction(1), 1 / aspect) * side
    return max(2, round(across / 2) * 2), max(2, round(down / 2) * 2)


OPERATIONS = (operation(reframe, Reframe, "framing", ("video",)),)
