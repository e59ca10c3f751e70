"""/v1/alerts/silences: for a while, alerts that match are told to nobody."""

from datetime import timedelta

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, PageQuery, WireModel, answer, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.moments import Moment
from functions.http.openapi import resource
from shared.alerts import AlertManager, routing
from shared.alerts.routing import Kept, MatcherText, Silence, SilenceState
from shared.core.clock import now
from shared.core.principal import Role

api = resource("silences")
manager = AlertManager()


class ToldSilence(Silence):
    """A silence, and whether it holds now."""

    state: SilenceState

    @classmethod
    def of(cls, silence: Silence) -> "ToldSilence":
        """The wire form."""
        return cls(**dict(silence), state=silence.state_at(now()))


class SilenceList(WireModel):
    """A page of silences, the one that ends last first."""

    items: list[ToldSilence]
    next_page_token: str | None


class SilencesQuery(PageQuery):
    """Which silences."""

    current: bool = Field(default=False, description="Only those that are not over")


class NewSilence(WireModel):
    """What shall be silenced. It begins now unless it says when."""

    matchers: list[MatcherText] = Field(min_length=1, max_length=20)
    starts_at: Moment | None = None
    ends_at: Moment
    comment: str = Field(min_length=1, max_length=1000, description="Why")


class SilenceChange(WireModel):
    """What shall be different; what is left out stays."""

    matchers: list[MatcherText] | None = Field(default=None, min_length=1, max_length=20)
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    comment: str | None = Field(default=None, min_length=1, max_length=1000)


class Suppress(WireModel):
    """How long an alert shall be told to nobody, and why."""

    minutes: int = Field(ge=1, le=525_600)
    comment: str = Field(min_length=1, max_length=1000)


@api.get("/v1/alerts/silences", responses={200: SilenceList})
def list_silences(query: SilencesQuery) -> Response:
    """Silences, the one that ends last first; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = routing.list_silences(query.limit, query.page_token, current=query.current)
    items = [ToldSilence.of(silence) for silence in page.items]
    return answer(SilenceList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/alerts/silences", responses={201: ToldSilence})
@idempotent
def create_silence(body: NewSilence) -> Response:
    """Silence what matches all the matchers, in your name; for operators"""
    operator = require_role(Role.OPERATOR)
    silence = routing.open_silence(
        body.matchers,
        starts_at=body.starts_at or now(),
        ends_at=body.ends_at,
        owner=operator.uid,
        comment=body.comment,
        silence_id=resource_id(),
        by=operator.uid,
    )
    return answer(ToldSilence.of(silence), 201, Location=f"/v1/alerts/silences/{silence.id}")


@api.get("/v1/alerts/silences/<string:id>", responses={200: ToldSilence})
def get_silence(path: IdPath) -> Response:
    """A silence; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    return _told(routing.get_silence(path.id))


@api.patch("/v1/alerts/silences/<string:id>", responses={200: ToldSilence})
def change_silence(path: IdPath, body: SilenceChange) -> Response:
    """Change a silence that is not over: make it longer, or hold back less; for operators"""
    operator = require_role(Role.OPERATOR)
    changes = {name: value for name, value in dict(body).items() if value is not None}
    return _told(routing.change_silence(path.id, changes, precondition().check, by=operator.uid))


@api.post("/v1/alerts/silences/<string:id>/expire", responses={200: ToldSilence})
@idempotent
def expire_silence(path: IdPath) -> Response:
    """End a silence now; it stays to be looked up; for operators"""
    operator = require_role(Role.OPERATOR)
    return _told(routing.expire_silence(path.id, precondition().check, by=operator.uid))


@api.post("/v1/alerts/<string:id>/suppress", responses={201: ToldSilence})
@idempotent
def suppress_alert(path: IdPath, body: Suppress) -> Response:
    """Silence this alert, and those of its rule and labels that follow it; for operators"""
    operator = require_role(Role.OPERATOR)
    silence = manager.suppress(path.id, operator.uid, now() + timedelta(minutes=body.minutes), body.comment)
    return answer(ToldSilence.of(silence), 201, Location=f"/v1/alerts/silences/{silence.id}")


def _told(kept: Kept[Silence]) -> Response:
    return answer(ToldSilence.of(kept.setting), etag=kept.etag)
