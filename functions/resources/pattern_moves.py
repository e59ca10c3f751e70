"""/v1/patterns: which patterns of operations are new, gone, or run otherwise than before, and the sessions to look at."""

from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Response
from pydantic import AwareDatetime, Field

from functions.http.answers import WireModel, answer
from functions.http.authentication import require_role
from functions.http.openapi import resource
from shared import patterns
from shared.core.clock import now
from shared.core.principal import Role
from shared.patterns import Move

api = resource("patterns")


class MovesQuery(WireModel):
    """Between which periods: the last `days`, and as many before."""

    days: int = Field(default=7, ge=1, le=90)


class Support(WireModel):
    """Who runs a pattern; null where they are fewer than five."""

    sessions: int | None
    people: int | None = Field(description="At least so many")
    share: float | None = Field(description="Of all sessions of two and more operations, 0 to 1")


class Example(WireModel):
    """A session that can be opened by these two."""

    operation: str
    at: datetime


class PatternMove(WireModel):
    """A pattern that moved by more than chance explains."""

    pattern: str
    move: Move
    before: Support
    now: Support
    change: float | None = Field(description="Of the share: 0.5 is half as much again, -1 is gone")
    is_more: bool
    chance: float = Field(description="How likely such a difference is without one: people are what is drawn by chance")
    false_discovery_rate: float = Field(description="The share of false findings among those as sure")
    examples: list[Example]


class MoveList(WireModel):
    """Patterns that moved, the surest first."""

    start: datetime = Field(description="Of the period before")
    split: datetime
    end: datetime
    items: list[PatternMove]


class SessionPath(WireModel):
    """A path with the operation of an example."""

    operation: str = Field(pattern=r"^[0-9a-f]{64}$")


class SessionQuery(WireModel):
    """When the example ended."""

    at: AwareDatetime


class WatchedOperation(WireModel):
    """An operation of a session."""

    operation: str
    at: datetime
    success: bool
    duration: float = Field(description="Milliseconds")
    platform: str
    error: str | None


class Session(WireModel):
    """What was run in a session, in order."""

    items: list[WatchedOperation]


@api.get("/v1/patterns/moves", responses={200: MoveList})
def list_pattern_moves(query: MovesQuery) -> Response:
    """Patterns of operations that are new, gone, or run more or less than before; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    end, length = now(), timedelta(days=query.days)
    found = [PatternMove.model_validate(asdict(move)) for move in patterns.watch_patterns(end, length)]
    return answer(MoveList(start=end - 2 * length, split=end - length, end=end, items=found))


@api.get("/v1/patterns/sessions/<string:operation>", responses={200: Session})
def read_session(path: SessionPath, query: SessionQuery) -> Response:
    """What one person did in the session of an example, without who it was; for operators"""
    require_role(Role.OPERATOR)
    found = patterns.open_session(patterns.Example(path.operation, query.at))
    return answer(Session(items=[WatchedOperation.model_validate(asdict(each)) for each in found]))
