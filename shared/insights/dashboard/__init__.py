"""Dashboards: KPIs with their change, their curve and what they are made of, as one view of a period has them."""

from shared.insights.dashboard.alerting import AlertTransition, alert_transitions
from shared.insights.dashboard.behaviour import UserInsights, get_user_insights
from shared.insights.dashboard.figure import Group, KpiFigure, Point, Value
from shared.insights.dashboard.page import LeftOut, Page, get_page
from shared.insights.dashboard.subject import Subject, is_personal, kpis_of
from shared.insights.dashboard.view import MOST_POINTS, View, usual_step

__all__ = [
    "MOST_POINTS",
    "AlertTransition",
    "Group",
    "KpiFigure",
    "LeftOut",
    "Page",
    "Point",
    "Subject",
    "UserInsights",
    "Value",
    "View",
    "alert_transitions",
    "get_page",
    "get_user_insights",
    "is_personal",
    "kpis_of",
    "usual_step",
]
