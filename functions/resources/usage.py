"""/v1/events/usage and /v1/events/sequences: what the events say of how the suite is used."""

from flask import Response
from pydantic import Field

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from functions.resources.insights import PeriodQuery
from shared.core.principal import Role
from shared.events import hashes_of
from shared.insights import FrequentSequence, Usage, frequent_sequences, get_usage

api = resource("usage")


class SequencesQuery(WireModel):
    """Which sequences."""

    min_frequency: int = Field(default=5, ge=1, le=2**31)
    min_success_rate: float = Field(default=0.8, ge=0, le=1)
    limit: int = Field(default=20, ge=1, le=100)


class SequenceList(WireModel):
    """Sequences of operations, the most frequent first."""

    items: list[FrequentSequence]


@api.get("/v1/events/usage", responses={200: Usage})
def read_usage(query: PeriodQuery) -> Response:
    """What was run in a period: by you, or by everybody for analysts, operators and admins"""
    caller = principal()
    sees_all = caller.has(Role.ANALYST, Role.OPERATOR)
    users = None if sees_all else hashes_of(caller.uid).values()
    return answer(get_usage(users, *query.period()))


@api.get("/v1/events/sequences", responses={200: SequenceList})
def list_sequences(query: SequencesQuery) -> Response:
    """What at least five people run one after another, often and well enough to become a template"""
    found = frequent_sequences(
        min_frequency=query.min_frequency, min_success_rate=query.min_success_rate, limit=query.limit
    )
    return answer(SequenceList(items=found))
