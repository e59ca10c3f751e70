"""rotate_salt: every hour, whether users' hashes need a new salt, and whether an old one has to be destroyed."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.core.salts import rotate

configure_logs()


@functions_framework.http
@failures_counted("rotate_salt")
def rotate_salt(_request: flask.Request) -> dict[str, list[str]]:
    """Make and destroy what is due."""
    rotation = rotate(now())
    return {"made": list(rotation.made), "destroyed": list(rotation.destroyed)}
