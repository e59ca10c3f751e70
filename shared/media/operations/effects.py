"""Every effect of the registry of effects as an operation of its own."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from pydantic import create_model

from shared.core.errors import FieldError
from shared.media.effects import describe_effects, filter_picture, filter_sound
from shared.media.effects.kind import EffectKind, Params
from shared.media.effects.registry import EFFECTS
from shared.media.graph.inputs import Inputs
from shared.media.graph.streams import Stream
from shared.media.info import MediaInfo
from shared.media.operations import hiding
from shared.media.operations.clips import kept_sound, whole_clip, whole_sound
from shared.media.operations.kind import FilmCoding, Need, Operation, writes_like_input, writes_video
from shared.media.operations.run import Run, film_tracks
from shared.media.operations.sounds import MASTERING, write_sound

_FAMILIES = {each.name: each.family for each in describe_effects()}


def _operation(kind: EffectKind) -> Operation:
    pictures, both = kind.picture is not None, len(kind.media) == 2
    need: Need = "media" if both else "video" if pictures else "sound"

    def make(run: Run, params: Params) -> None:
        given = params.model_dump(include=set(kind.params.model_fields), exclude_unset=True)
        effect = kind.params.model_validate(given)
        if kind.works_on("picture", effect):
            _write_picture(run, params, kind, effect)
        else:
            _write_heard(run, params, kind, given)

    return Operation(
        kind.name,
        kind.description,
        _FAMILIES[kind.name],
        _with_coding(kind.params),
        make,
        (need,),
        writes=writes_like_input if not pictures or both else writes_video,
        check=_checked(kind),
    )


def _with_coding(params: type[Params]) -> type[Params]:
    """The effect's parameters and those of encoding."""
    bases = (FilmCoding,) if issubclass(FilmCoding, params) else (params, FilmCoding)
    made: Any = create_model(params.__name__, __base__=bases, __doc__=params.__doc__)
    return cast(type[Params], made)


def _write_picture(run: Run, params: Params, kind: EffectKind, effect: Params) -> None:
    """The film through the effect; sound that it does nothing to is copied."""
    given = effect.model_dump(exclude_unset=True)
    clip = whole_clip(run.sources[0])
    coding, inputs = run.coding(params, clip.rate), Inputs(clip.rate)
    picture = filter_picture(clip.picture(inputs), kind.name, given, clip.frame())
    if kind.works_on("sound", effect):
        sound = clip.sound(inputs)
        heard = None if sound is None else filter_sound(sound, kind.name, given, clip.samples)
    else:
        heard = kept_sound(inputs, clip.media, run.container) or clip.sound(inputs)
    run.write(coding, film_tracks(coding, picture, clip.frames, heard), clip.seconds)


def _write_heard(run: Run, params: Any, kind: EffectKind, given: dict[str, Any]) -> None:
    clip = whole_sound(run.sources[0])

    def sound(inputs: Inputs) -> Stream:
        return filter_sound(clip.stream(inputs), kind.name, given, clip.samples)

    write_sound(run, params, sound, clip.seconds)


def _checked(kind: EffectKind) -> Any:
    """What an effect that works on either medium needs follows from its parameters."""

    def check(infos: Sequence[MediaInfo], params: Params) -> Iterator[FieldError]:
        effect = kind.params.model_validate(
            params.model_dump(include=set(kind.params.model_fields), exclude_unset=True)
        )
        on_picture = kind.works_on("picture", effect)
        if on_picture and infos[0].kind != "video" and not kind.works_on("sound", effect):
            yield FieldError("/inputs/0", f"{kind.name} works on pictures here; this file has none.", "no_video")
        if not on_picture and infos[0].audio is None:
            yield FieldError("/inputs/0", f"{kind.name} works on sound here; this file has none.", "no_sound")

    return check


_ON_THEIR_OWN = {*MASTERING, *(operation.name for operation in hiding.OPERATIONS)}
OPERATIONS = tuple(_operation(kind) for kind in EFFECTS.values() if kind.name not in _ON_THEIR_OWN)
