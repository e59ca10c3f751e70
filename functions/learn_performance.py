"""learn_performance: every night, what operations took and why they failed becomes the model that plans are made with."""

import flask
import functions_framework

from shared.core.clock import now
from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.performance import keep_model, learn

configure_logs()


@functions_framework.http
@failures_counted("learn_performance")
def learn_performance(_request: flask.Request) -> dict[str, int]:
    """Learn from the last 90 days and keep it."""
    model = learn(now())
    keep_model(model)
    return {"operations": len(model.operations), "risks": len(model.risks)}
