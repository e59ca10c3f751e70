"""What every part of a komposition has in common, and the small types they share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

MAX_SECONDS = 86_400.0

Id = Annotated[str, Field(min_length=1, max_length=128)]
Gain = Annotated[float, Field(ge=0, le=4)]
"""A factor on amplitude: 1 leaves it, 0 is silence, 2 is +6 dB."""
Color = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$", examples=["#ffffff", "#00000080"])]
"""#RRGGBB, or #RRGGBBAA with AA the opacity."""


class Part(BaseModel):
    """camelCase on the wire; strings for numbers and infinities are refused, and so are unknown fields, except in `extra`."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", strict=True, allow_inf_nan=False
    )

    extra: dict[str, JsonValue] = Field(
        default={},
        description="Fields of the document this came from that Kompo has no use for. Kept as they were",
    )
