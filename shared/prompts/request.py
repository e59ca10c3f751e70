"""ClipRequest: what a filled prompt asks of whoever selects clips."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from shared.core.documents import Part

MOST_CLIPS = 20
SHORTEST = 3.0
LONGEST = 600.0
"""Seconds of a clip."""


def _both_ends(value: Any) -> Any:
    return (value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Count = Annotated[int, Field(ge=1, le=MOST_CLIPS)]
Seconds = Annotated[float, Field(ge=SHORTEST, le=LONGEST)]


class ClipRequest(Part):
    """How many clips of how many seconds, from the least to the most, and of what.

    `text`: the whole prompt as it was filled; `criteria`: what to look for; `engagement_factor`: what to prefer ("would stop
    scrolling"). `category`: what is learnt from how the clips do is learnt for it. `name` and `version`: of the prompt."""

    text: str = Field(min_length=1)
    criteria: str = Field(min_length=1)
    engagement_factor: str = Field(min_length=1)
    clip_count: Annotated[tuple[Count, Count], BeforeValidator(_both_ends)]
    duration: Annotated[tuple[Seconds, Seconds], BeforeValidator(_both_ends)]
    category: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    name: str = Field(min_length=1, max_length=200)
    version: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for least, most in (self.clip_count, self.duration):
            if least > most:
                raise ValueError(f"{least:g} is more than {most:g}. Give the smaller number first.")
        return self
