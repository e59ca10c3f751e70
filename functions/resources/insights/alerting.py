"""/v1/insights/alerts: what is wrong now, what was in a period, and how soon people took care of it."""

from datetime import timedelta

from flask import Response
from pydantic import Field

from functions.http.answers import WireModel
from functions.http.authentication import require_role
from functions.http.caching import wants_anew
from functions.http.stamped import Stamp
from functions.resources.insights.queries import FiguresQuery
from functions.resources.insights.resource import api, brief_answers
from shared.alerts import AlertInstance, AlertManager, AlertState, Severity
from shared.core.kept_answers import Made
from shared.core.principal import Role
from shared.insights.dashboard import AlertTransition, Page, Subject, alert_transitions, get_page, kpis_of

PRESENT = timedelta(seconds=5)
MOST_TRANSITIONS = 200
manager = AlertManager()


class OpenAlerts(WireModel):
    """The alerts that are open, the severest and oldest first."""

    items: list[AlertInstance]
    by_state: dict[AlertState, int]
    by_severity: dict[Severity, int]


class AlertsAnswer(Page):
    """Alerts now and in a period, and how new that is."""

    open: OpenAlerts
    transitions: list[AlertTransition] = Field(description="The last ones of the period, the newest first")
    freshness: Stamp  # type: ignore[assignment]  # what the domain says, and the age of it


class _Alerts(Page):
    open: OpenAlerts
    transitions: list[AlertTransition]


@api.get("/v1/insights/alerts", responses={200: AlertsAnswer})
def read_alerts_page(query: FiguresQuery) -> Response:
    """The alerts that are open, those of the period, and how soon they were taken care of; for operators and analysts"""
    require_role(Role.OPERATOR, Role.ANALYST)
    asked = query.asked()

    def make() -> Made:
        view = asked.view(None)
        page = get_page(asked.kpis or kpis_of(Subject.ALERTS, own=False), view)
        now = manager.get_alert_dashboard()
        found = _Alerts(
            **dict(page),
            open=OpenAlerts(items=now.open, by_state=now.by_state, by_severity=now.by_severity),
            transitions=alert_transitions(view.period, MOST_TRANSITIONS),
        )
        return Made(found, found.freshness.newest_event_at, PRESENT)

    return brief_answers.answer(asked.key("", Subject.ALERTS), make, anew=wants_anew())
