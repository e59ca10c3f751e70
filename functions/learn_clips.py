"""learn_clips: every night, what became of clips changes what the next ones are chosen by."""

import flask
import functions_framework

from shared.clips import learn_clips as learn
from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs

configure_logs()


@functions_framework.http
@failures_counted("learn_clips")
def learn_clips(_request: flask.Request) -> dict[str, int]:
    """Learn from the past year and keep it."""
    learned = learn(now())
    return {"users": learned.users, "clips": learned.clips, "people": learned.people}
