"""train_recommenders: every night, what people do next is learned, and what was recommended is compared with what they did."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.patterns.recommending import measure_live, train

configure_logs()


@functions_framework.http
@failures_counted("train_recommenders")
def train_recommenders(_request: flask.Request) -> dict[str, str | int | None]:
    """Train, and measure."""
    stored = train()
    live = measure_live(now())
    return {"model": stored.sha256 if stored else None, "measured": len(live)}
