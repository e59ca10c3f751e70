"""Usage: how often templates are run as a whole. A run tells of itself by a workflow event whose `context.workflowId` is the id
of the template, whoever runs it: our jobs do, and so may an MCP server that goes through a template's steps by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from shared.events import K_ANONYMITY, run_query

RECENT = timedelta(weeks=4)
_SQL = Path(__file__).with_name("usage.sql")
_TIMEOUT = 120.0


@dataclass(frozen=True)
class Usage:
    """Runs of a template: all, and those of the last 28 days."""

    uses: int = 0
    users: int = 0
    successes: int = 0
    recent_uses: int = 0
    recent_successes: int = 0
    last_used: datetime | None = None

    @property
    def told(self) -> tuple[int, float | None]:
        """What everybody may know: how many uses, and which share of them succeeded."""
        if self.users < K_ANONYMITY:
            return 0, None
        return self.uses, round(self.successes / self.uses, 4)


def usage_of(templates: Sequence[str], start: datetime, end: datetime) -> dict[str, Usage]:
    """The usage of these templates in [start, end), by id; one that was not run is not there. Raises Unavailable."""
    if not templates:
        return {}
    rows = run_query(
        _SQL, {"start": start, "end": end, "recent": end - RECENT, "templates": list(templates)}, timeout=_TIMEOUT
    )
    return {row.pop("template_id"): Usage(**row) for row in rows}
