"""/v1/alerts/rules: what is watched; kept with every version, and tried on history before it is kept."""

from datetime import datetime
from typing import Any

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.moments import Moment
from functions.http.openapi import resource
from shared.alerts import (
    AlertRule,
    Backtest,
    Edition,
    RuleFields,
    backtest,
    delete_rule,
    get_rule,
    list_rules,
    rule_versions,
    save_rule,
)
from shared.core.errors import FieldError, InvalidInput
from shared.core.principal import Role

api = resource("alert-rules")


class Rule(RuleFields):
    """A rule, and what is recorded of it."""

    id: Id
    version: int = Field(description="Counts its versions, from 1")
    created: datetime | None
    created_by: str = Field(description="A user id, or `system`")
    modified: datetime | None
    modified_by: str
    deleted: bool = Field(description="In lists of versions: that it was withdrawn")

    @classmethod
    def of(cls, edition: Edition) -> "Rule":
        """The wire form of a rule in one version."""
        recorded: dict[str, Any] = edition.model_dump(exclude={"rule"})
        return cls.model_validate({**edition.rule.model_dump(), **recorded})


class RuleList(WireModel):
    """A page of rules, by their ids; or of the versions of one, the newest first."""

    items: list[Rule]
    next_page_token: str | None


class BacktestRequest(WireModel):
    """A rule, whether it is kept or not, and the time that it is tried on."""

    rule: RuleFields
    start: Moment
    end: Moment


@api.get("/v1/alerts/rules", responses={200: RuleList})
def list_alert_rules(query: PageQuery) -> Response:
    """What is watched, by the rules' ids; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = list_rules(query.limit, query.page_token)
    return answer(RuleList(items=[Rule.of(each) for each in page.items], next_page_token=page.next_page_token))


@api.post("/v1/alerts/rules", responses={201: Rule})
@idempotent
def create_alert_rule(body: RuleFields) -> Response:
    """Keep a rule under an id of our choice; for operators"""
    operator = require_role(Role.OPERATOR)
    edition, _ = save_rule(_rule(resource_id(), body), operator.uid)
    return _told(edition, 201, Location=f"/v1/alerts/rules/{edition.rule.id}")


@api.post("/v1/alerts/rules:backtest", responses={200: Backtest})
def backtest_alert_rule(body: BacktestRequest) -> Response:
    """What a rule would have said, had it been there: when and how long it would have fired, pages a week; keeps nothing"""
    require_role(Role.OPERATOR, Role.ANALYST)
    try:
        return answer(backtest(_rule("tried", body.rule), body.start, body.end))
    except InvalidInput as error:
        raise _below_rule(error) from error


@api.get("/v1/alerts/rules/<string:id>", responses={200: Rule})
def get_alert_rule(path: IdPath) -> Response:
    """A rule; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    return _told(get_rule(path.id))


@api.put("/v1/alerts/rules/<string:id>", responses={200: Rule, 201: Rule})
def put_alert_rule(path: IdPath, body: RuleFields) -> Response:
    """Keep a rule, or its next version; send If-Match so that nobody's work is lost; for operators"""
    operator = require_role(Role.OPERATOR)
    edition, new = save_rule(_rule(path.id, body), operator.uid, precondition().check)
    return _told(edition, 201 if new else 200)


@api.delete("/v1/alerts/rules/<string:id>", responses={204: None})
def delete_alert_rule(path: IdPath) -> Response:
    """Withdraw a rule: its alerts end, its versions stay; for operators"""
    operator = require_role(Role.OPERATOR)
    delete_rule(path.id, operator.uid, precondition().check)
    return no_content()


@api.get("/v1/alerts/rules/<string:id>/versions", responses={200: RuleList})
def list_alert_rule_versions(path: IdPath, query: PageQuery) -> Response:
    """What a rule was, the newest version first, also of one that was withdrawn; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    page = rule_versions(path.id, query.limit, query.page_token)
    return answer(RuleList(items=[Rule.of(each) for each in page.items], next_page_token=page.next_page_token))


def _rule(rule_id: str, fields: RuleFields) -> AlertRule:
    return AlertRule.model_validate({"id": rule_id, **fields.model_dump()})


def _below_rule(error: InvalidInput) -> InvalidInput:
    """The same, its pointers into the rule as they are in the body."""
    errors = [
        each if each.pointer in ("/start", "/end") else FieldError(f"/rule{each.pointer}", each.detail, each.code)
        for each in error.errors
    ]
    return type(error)(error.detail, errors=errors)


def _told(edition: Edition, status: int = 200, **headers: str) -> Response:
    return answer(Rule.of(edition), status, etag=edition.etag, **headers)
