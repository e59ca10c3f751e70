"""Dashboards: KPIs with their change, their curve and what they are made of, as one view of a period has them."""

from shared.insights.dashboard.alerting import AlertTransition, alert_transitions
from shared.insights.dashboard.behaviour import UserInsights, get_user_insights
from shared.insights.dashboard.figure import Group, KpiFigure, Point, Value
from shared.insights.dashboard.page import NotShown, Page, get_page, newest_event
from shared.insights.dashboard.subject import Subject, kpis_of
from shared.insights.dashboard.view import MOST_POINTS, View, usual_step

__all__ = [
    "MOST_POINTS",
    "AlertTransition",
    "Group",
    "KpiFigure",
    "NotShown",
    "Page",
    "Point",
    "Subject",
    "UserInsights",
    "Value",
    "View",
    "alert_transitions",
    "get_page",
    "get_user_insights",
    "kpis_of",
    "newest_event",
    "usual_step",
]
