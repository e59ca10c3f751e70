"""Stamped: a kept answer as it is told, with its age as the last member and in headers."""

from datetime import datetime

from flask import Response
from pydantic import Field

from functions.http.answers import WireModel
from shared.core.kept_answers import KeptAnswer


class Stamp(WireModel):
    """How new an answer is."""

    computed_at: datetime
    age_seconds: float = Field(description="How long ago it was computed")
    max_age_seconds: float = Field(description="How old it may be; an older one is being computed anew right now")
    newest_event_at: datetime | None = Field(default=None, description="When the newest event in it had come in")


def told(kept: KeptAnswer) -> Response:
    """The answer with its stamp."""
    age, good = kept.age.total_seconds(), kept.good.total_seconds()
    stamp = Stamp(
        computed_at=kept.computed_at,
        age_seconds=round(age, 3),
        max_age_seconds=good,
        newest_event_at=kept.newest_event_at,
    )
    body = kept.body[:-1] + b',"freshness":' + stamp.model_dump_json(by_alias=True).encode() + b"}"
    response = Response(body, content_type="application/json")
    stale = int(kept.stale.total_seconds())
    control = f"private, max-age={int(good)}" + (f", stale-while-revalidate={stale}" if stale else "")
    response.headers["Age"] = str(int(age))
    response.headers["Cache-Control"] = control
    response.headers["Vary"] = "Authorization"
    return response
