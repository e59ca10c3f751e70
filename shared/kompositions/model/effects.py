"""Effects: what is done to a segment's picture and sound, and the graph of effects over several segments."""

from typing import Literal

from pydantic import Field, JsonValue

from shared.kompositions.model.part import Id, Part


class Effect(Part):
    """An operation of `shared.media.effects` by its name, with its parameters."""

    type: str = Field(min_length=1, max_length=100)
    params: dict[str, JsonValue] = Field(default={})


class EffectInput(Part):
    """What an effect works on: a segment, what another effect made, a video track, or (`komposition`) the whole picture."""

    kind: Literal["segment", "effect", "track", "komposition"]
    id: Id | None = Field(default=None, description="Which one; left out for the whole komposition")


class EffectNode(Effect):
    """An effect in the graph. It covers the segments that its inputs lead to, which must be neighbours on one track.

    They are joined, transitions between them included, and the effect is applied to what that gives. The effects of a segment
    itself come first; nodes that others take as input come before them, else they apply in the order written. A node with
    the input `track` or `komposition` covers all of it."""

    id: Id
    inputs: list[EffectInput] = Field(min_length=1, max_length=10_000)
