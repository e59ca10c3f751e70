"""Responses: what is done by itself when an alert fires: tried without effect first, not repeated too soon, and recorded."""

from shared.alerts.responses.carrying_out import carry_out, list_responses
from shared.alerts.responses.record import ResponseRecord, ResponseState

__all__ = ["ResponseRecord", "ResponseState", "carry_out", "list_responses"]
