"""/v1/insights: what the events add up to."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import Response
from pydantic import AwareDatetime, BeforeValidator, Field

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from shared.core.clock import now
from shared.core.principal import Role
from shared.events import hashes_of
from shared.insights import Summary, get_summary

api = resource("insights")

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
DEFAULT_PERIOD = timedelta(days=1)
"""How far back an answer reaches when the request does not say."""


def _written_out(value: Any) -> Any:
    if isinstance(value, str) and not _DATE.match(value):
        raise ValueError("write the time as RFC 3339 with a zone: a number could be seconds or milliseconds")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out, json_schema_input_type=AwareDatetime)]


class PeriodQuery(WireModel):
    """The period asked for: [start, end), the last 24 hours unless given."""

    start: Moment | None = Field(default=None, description="RFC 3339 with a zone")
    end: Moment | None = Field(default=None, description="RFC 3339 with a zone; now unless given")

    def period(self) -> tuple[datetime, datetime]:
        """Start and end. An end left out is a moment ahead, so that what has just happened is inside."""
        end = self.end or now() + timedelta(seconds=1)
        return self.start or end - DEFAULT_PERIOD, end


@api.get("/v1/insights/summary", responses={200: Summary})
def read_summary(query: PeriodQuery) -> Response:
    """The summary of a period: your own operations, or everybody's for analysts, operators and admins"""
    caller = principal()
    sees_all = caller.has(Role.ANALYST, Role.OPERATOR)
    summary = get_summary(None if sees_all else hashes_of(caller.uid).values(), *query.period())
    return answer(summary)
