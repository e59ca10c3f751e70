"""empty_trash: every hour, kompositions that have been in the trash for 30 days."""

import flask
import functions_framework

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.kompositions import empty_trash as purge_expired

configure_logs()


@functions_framework.http
@failures_counted("empty_trash")
def empty_trash(_request: flask.Request) -> dict[str, int]:
    """Delete them for good, with their versions and files."""
    return {"purged": purge_expired()}
