"""Routing: which alerts are told together, to whom, how soon and how often, and what holds them back."""

from shared.alerts.routing.calendars import Calendar, NamedTimes, TimeOfDay
from shared.alerts.routing.grouping import (
    FIRING,
    Group,
    Notice,
    fingerprint_of,
    flush,
    group_id,
    open_group,
    subject_of,
)
from shared.alerts.routing.inhibition import Inhibition, Inhibitor
from shared.alerts.routing.keeping import Kept
from shared.alerts.routing.kept import (
    change_silence,
    default_routing,
    expire_silence,
    get_routing,
    get_silence,
    list_silences,
    load_routing,
    open_silence,
    silences_in_force,
)
from shared.alerts.routing.matching import Matcher, MatcherText, Operator, match_all, parse_matcher, routing_labels
from shared.alerts.routing.routes import Destination, Route, Routing, RoutingTree, walk_routes
from shared.alerts.routing.silences import Silence, Silencer, SilenceState, matchers_of
from shared.alerts.routing.targets import Target

__all__ = [
    "FIRING",
    "Calendar",
    "Destination",
    "Group",
    "Inhibition",
    "Inhibitor",
    "Kept",
    "Matcher",
    "MatcherText",
    "NamedTimes",
    "Notice",
    "Operator",
    "Route",
    "Routing",
    "RoutingTree",
    "Silence",
    "SilenceState",
    "Silencer",
    "Target",
    "TimeOfDay",
    "change_silence",
    "default_routing",
    "expire_silence",
    "fingerprint_of",
    "flush",
    "get_routing",
    "get_silence",
    "group_id",
    "list_silences",
    "load_routing",
    "match_all",
    "matchers_of",
    "open_group",
    "open_silence",
    "parse_matcher",
    "routing_labels",
    "silences_in_force",
    "subject_of",
    "walk_routes",
]
