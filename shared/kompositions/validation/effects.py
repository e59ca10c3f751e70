"""Effects exist, their parameters fit, and the graph of effects can be laid over the tracks."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from shared.kompositions.validation.problem import Location, Problem
from shared.media.effects import Medium, effect_errors

if TYPE_CHECKING:
    from shared.kompositions.model import Effect, Komposition


def effect_problems(komposition: "Komposition") -> Iterator[Problem]:
    """Unknown effects, parameters that do not fit, and inputs that lead nowhere or across each other."""
    from shared.kompositions.effect_graph import graph_problems  # It describes its problems in our words.

    tracks = komposition.tracks
    for number, video in enumerate(tracks.video):
        for index, segment in enumerate(video.segments):
            yield from _each(("tracks", "video", number, "segments", index, "effects"), segment.effects, None)
    for number, audio in enumerate(tracks.audio):
        yield from _each(("tracks", "audio", number, "effects"), audio.effects, "sound")
    yield from _each(("mix", "effects"), komposition.mix.effects, "sound")
    yield from _each(("effects",), komposition.effects, None)
    yield from graph_problems(komposition)


def _each(at: Location, effects: "Sequence[Effect]", medium: Medium | None) -> Iterator[Problem]:
    for index, effect in enumerate(effects):
        for error in effect_errors(effect.type, effect.params, medium):
            yield Problem((*at, index, *error.location), error.code, error.detail)
