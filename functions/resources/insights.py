"""/v1/insights: what the events add up to."""

from datetime import datetime, timedelta

from flask import Response
from pydantic import AwareDatetime, Field

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from shared.core.clock import now
from shared.core.principal import Role
from shared.events import hashes_of
from shared.insights import Summary, get_summary

api = resource("insights")

DEFAULT_PERIOD = timedelta(days=1)
"""How far back an answer reaches when the request does not say."""


class PeriodQuery(WireModel):
    """The period asked for: [start, end), the last 24 hours unless given."""

    start: AwareDatetime | None = Field(default=None, description="RFC 3339 with a zone")
    end: AwareDatetime | None = Field(default=None, description="RFC 3339 with a zone; now unless given")

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
