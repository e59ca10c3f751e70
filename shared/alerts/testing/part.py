"""What files of tests are made of: strict parts, and labels."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

Labelling = Mapping[str, str]


class Part(BaseModel):
    """A part of the file; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
