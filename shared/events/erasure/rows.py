"""Rows of a scope in BigQuery: counted, removed, made nobody's. Everything here can be done again."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from shared.core.errors import Unavailable
from shared.events.erasure.scope import Scope
from shared.events.query import Parameter, run_query

TABLES = ("events", "events_rejected", "recommendations_served")
"""Where events are, and what was recommended to the users that they are of, in the order in which they leave."""
_HERE = Path(__file__).parent
_TIMEOUT = 120.0


class ErasureAction(StrEnum):
    """What becomes of the rows: they are deleted, or they stay as nobody's."""

    ERASE = "erase"
    ANONYMISE = "anonymise"


class StillStreaming(Unavailable):
    """Rows came in so recently that BigQuery does not change them yet."""


@dataclass(frozen=True)
class Found:
    """Rows of a scope in a table, and when the first and the last of them occurred, if that is known."""

    rows: int
    first: datetime | None
    last: datetime | None


def count_rows(table: str, scope: Scope, action: ErasureAction) -> Found:
    """What `remove_rows` would still find. Raises Unavailable."""
    [row] = run_query(_HERE / f"count_{table}.sql", _parameters(scope, action), timeout=_TIMEOUT)
    return Found(row["found"], row["first"], row["last"])


def remove_rows(table: str, scope: Scope, action: ErasureAction, secret: str) -> None:
    """Erase the rows of a scope in a table, or make them nobody's: then their ids are hashed with `secret`.

    Raises StillStreaming or Unavailable; then it must be done again."""
    parameters = _parameters(scope, action)
    if table == TABLES[0] and action is ErasureAction.ANONYMISE:
        # The number of events in an hour stays, so that nothing else would tell that its metrics are to be computed anew.
        run_query(_HERE / "forget_hours.sql", parameters, timeout=_TIMEOUT)
        _change(_HERE / "anonymise_events.sql", parameters | {"secret": secret})
    else:
        _change(_HERE / f"erase_{table}.sql", parameters)


def salts_in_use(scope: Scope) -> list[str]:
    """The versions of the salts that events of anybody in the scope's time were hashed with. Raises Unavailable."""
    parameters = scope.parameters()
    window: dict[str, Parameter] = {"start": parameters["start"], "end": parameters["end"]}
    return [row["salt_version"] for row in run_query(_HERE / "salts_in_use.sql", window, timeout=_TIMEOUT)]


def _parameters(scope: Scope, action: ErasureAction) -> dict[str, Parameter]:
    return {**scope.parameters(), "only_users": action is ErasureAction.ANONYMISE}


def _change(path: Path, parameters: dict[str, Parameter]) -> None:
    from google.api_core.exceptions import BadRequest

    try:
        run_query(path, parameters, timeout=_TIMEOUT)
    except BadRequest as error:
        if "streaming buffer" not in str(error):
            raise
        raise StillStreaming("BigQuery does not change rows that came in less than 90 minutes ago.") from error
