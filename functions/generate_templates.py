"""generate_templates: every night, what users kept doing becomes templates, and those that there are are looked at again."""

import flask
import functions_framework

from shared.core.failing import failures_counted
from shared.core.logs import configure_logs
from shared.patterns import PatternAnalyzer

configure_logs()


@functions_framework.http
@failures_counted("generate_templates")
def generate_templates(_request: flask.Request) -> dict[str, int]:
    """Mine the events and renew the templates."""
    analyzer = PatternAnalyzer()
    patterns = analyzer.analyze_operation_sequences()
    return {"templates": len(analyzer.generate_templates(patterns))}
