"""Routing: which alerts are told together, to whom, how soon and how often, and what holds them back."""

from shared.alerts.routing.calendars import Calendar, NamedTimes, TimeOfDay
from shared.alerts.routing.grouping import FIRING, Group, Member, Notice, flush, group_id, open_group, subject_of
from shared.alerts.routing.inhibition import Inhibition, Inhibitor
from shared.alerts.routing.matching import Matcher, MatcherText, Operator, match_all, parse_matcher, routing_labels
from shared.alerts.routing.routes import Destination, Route, Routing, RoutingTree, walk_routes
from shared.alerts.routing.silences import Silence, SilenceState, matchers_of, silenced_by
from shared.alerts.routing.targets import Target

__all__ = [
    "FIRING",
    "Calendar",
    "Destination",
    "Group",
    "Inhibition",
    "Inhibitor",
    "Matcher",
    "MatcherText",
    "Member",
    "NamedTimes",
    "Notice",
    "Operator",
    "Route",
    "Routing",
    "RoutingTree",
    "Silence",
    "SilenceState",
    "Target",
    "TimeOfDay",
    "flush",
    "group_id",
    "match_all",
    "matchers_of",
    "open_group",
    "parse_matcher",
    "routing_labels",
    "silenced_by",
    "subject_of",
    "walk_routes",
]
