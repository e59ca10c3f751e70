"""Answers: what came back from the API."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is 0 if nothing did; `retry_after` in seconds, if the server said so."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    retry_after: float | None = None
    problem: str = ""
