"""What requests for insights have in common: the period, and whose events count."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field

from functions.http.answers import WireModel
from functions.http.authentication import principal
from shared.core.clock import now
from shared.core.principal import Role
from shared.events import hashes_of

DEFAULT_PERIOD = timedelta(days=1)
"""How far back an answer reaches when the request does not say."""
SETTLED = timedelta(days=7)
"""Events come in for as long: after that a period hardly changes any more."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


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

    def good_for(self, present: float) -> float:
        """For how many seconds figures of the period may be told: `present` if it reaches into the present, longer if not."""
        ended = now() - self.end if self.end is not None else timedelta(0)
        if ended > SETTLED:
            return 600.0
        return 60.0 if ended > timedelta(hours=1) else present


def sees_everybody() -> bool:
    """Whether the caller is shown everybody's figures; all others, their own."""
    return principal().has(Role.ANALYST, Role.OPERATOR)


def whose() -> str:
    """What tells answers of one caller from another's: those who see everybody are all shown the same."""
    return "" if sees_everybody() else principal().uid


def users() -> list[str] | None:
    """The hashes that the caller's own events are found by; None for who sees everybody's. Raises Unavailable."""
    return None if sees_everybody() else list(hashes_of(principal().uid).values())
