"""Dashboards: KPIs with their change, their curve and what they are made of, as one view of a period has them."""

from shared.insights.dashboard.alerting import AlertTransition, alert_transitions, count_alert_transitions
from shared.insights.dashboard.asked import AskedFigures, AskedPeriod, AskedTrends, Every
from shared.insights.dashboard.behaviour import UserInsights, get_user_insights
from shared.insights.dashboard.figure import Group, KpiFigure, Point, Value
from shared.insights.dashboard.making import is_long, make_page, make_summary, make_trends, make_user_insights
from shared.insights.dashboard.page import NotShown, Page, get_page
from shared.insights.dashboard.standard import keep_standard_pages
from shared.insights.dashboard.subject import Subject, kpis_of
from shared.insights.dashboard.trending import Trends
from shared.insights.dashboard.view import MOST_POINTS, View, usual_step

__all__ = [
    "MOST_POINTS",
    "AlertTransition",
    "AskedFigures",
    "AskedPeriod",
    "AskedTrends",
    "Every",
    "Group",
    "KpiFigure",
    "NotShown",
    "Page",
    "Point",
    "Subject",
    "Trends",
    "UserInsights",
    "Value",
    "View",
    "alert_transitions",
    "count_alert_transitions",
    "get_page",
    "get_user_insights",
    "is_long",
    "keep_standard_pages",
    "kpis_of",
    "make_page",
    "make_summary",
    "make_trends",
    "make_user_insights",
    "usual_step",
]
