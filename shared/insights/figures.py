"""Figures: what all answers about figures have in common on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Figures(BaseModel):
    """Figures as JSON shows them: in camelCase, all of them present."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, json_schema_serialization_defaults_required=True
    )


class Freshness(Figures):
    """How new the figures are: when they were computed, and when the newest event in them had come in."""

    computed_at: datetime
    newest_event_at: datetime | None
