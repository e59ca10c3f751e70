"""/v1/caption-presets: looks of captions by name, for a track of a komposition to take over."""

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import WireModel, answer
from functions.http.openapi import resource
from shared.kompositions import caption_presets

api = resource("caption-presets")


class NamedCaptionLook(WireModel):
    """A look: the fields of a caption track that differ from what they are when left out."""

    name: str
    description: str
    look: dict[str, JsonValue] = Field(description="For a track of `tracks.caption`, beside its transcript")


class CaptionPresetList(WireModel):
    """All of them."""

    items: list[NamedCaptionLook]


@api.get("/v1/caption-presets", responses={200: CaptionPresetList})
def list_caption_presets() -> Response:
    """Looks of captions by name"""
    items = [
        NamedCaptionLook(
            name=preset.name,
            description=preset.description,
            look=preset.look.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            | {"style": preset.look.style},
        )
        for preset in caption_presets().values()
    ]
    return answer(CaptionPresetList(items=items))
