"""Routes: a tree that says of every alert who is told, with which others, how soon and how often.

An alert goes down the tree: of the children of a route it takes the first that matches, and the next one too after one that says
`continue`; a route none of whose children match is where it arrives. What a route leaves out it has from its parent; mute and
active times are its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from shared.alerts.routing.calendars import NamedTimes
from shared.alerts.routing.indexing import MatcherIndex
from shared.alerts.routing.inhibition import Inhibition
from shared.alerts.routing.matching import MatcherText
from shared.alerts.routing.model import Duration, MinutesOrMore, PositiveDuration, SettingId, SettingsModel
from shared.alerts.routing.targets import Target

EVERY_LABEL = "..."
GROUP_WAIT = timedelta(seconds=30)
GROUP_INTERVAL = timedelta(minutes=5)
REPEAT_INTERVAL = timedelta(hours=4)
DEEPEST = 10
MOST_ROUTES = 500
_DEFAULTS: Mapping[str, Any] = {
    "notify": (),
    "policy": None,
    "group_by": ("rule",),
    "group_wait": GROUP_WAIT,
    "group_interval": GROUP_INTERVAL,
    "repeat_interval": REPEAT_INTERVAL,
}
"""What the route at the top has where it says nothing."""


def _group_by(labels: tuple[str, ...]) -> tuple[str, ...]:
    if EVERY_LABEL in labels and len(labels) > 1:
        raise ValueError(f'"{EVERY_LABEL}" means every label; name no other beside it')
    if len(set(labels)) < len(labels):
        raise ValueError("a label is named twice")
    return labels


GroupBy = Annotated[tuple[str, ...], AfterValidator(_group_by), Field(max_length=10)]


class Route(SettingsModel):
    """One route of the tree."""

    matchers: tuple[MatcherText, ...] = Field(
        default=(), max_length=20, description="All must match; none: every alert"
    )
    notify: tuple[Target, ...] | None = Field(default=None, max_length=20, description="Who is told of the group")
    policy: SettingId | None = Field(
        default=None, description="Escalation policy that sees to it that somebody answers"
    )
    proceed: bool = Field(default=False, alias="continue", description="Go on to the next sibling after this one")
    group_by: GroupBy | None = Field(default=None, description='Labels whose values make a group; ["..."]: all')
    group_wait: Duration | None = Field(default=None, description="How long a new group waits for more of its alerts")
    group_interval: PositiveDuration | None = Field(
        default=None, description="How long a group waits to tell of changes"
    )
    repeat_interval: MinutesOrMore | None = Field(default=None, description="How soon it is told again while it fires")
    mute_times: tuple[SettingId, ...] = Field(default=(), max_length=20, description="Times when nobody is told")
    active_times: tuple[SettingId, ...] = Field(default=(), max_length=20, description="Only then is anybody told")
    routes: tuple["Route", ...] = Field(default=(), max_length=100)


@dataclass(frozen=True)
class Destination:
    """Where an alert arrives: a route with all that it inherits. `path` tells it from the others, also after a change of their
    order."""

    path: str
    pointer: str
    notify: tuple[Target, ...]
    policy: str | None
    group_by: tuple[str, ...]
    group_wait: timedelta
    group_interval: timedelta
    repeat_interval: timedelta
    mute_times: tuple[str, ...]
    active_times: tuple[str, ...]

    @property
    def tells_anybody(self) -> bool:
        """Whether it names anybody, or a policy that does."""
        return bool(self.notify or self.policy)

    def group_labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        """The labels that alerts of one group share."""
        if self.group_by == (EVERY_LABEL,):
            return dict(labels)
        return {name: labels[name] for name in self.group_by if name in labels}


@dataclass(frozen=True)
class _Node:
    route: Route
    here: Destination
    children: tuple["_Node", ...]
    index: MatcherIndex[int]


class Routing(SettingsModel):
    """The tree, what inhibits what, and the times that routes name. The document `alert_routing/current`."""

    route: Route
    inhibitions: tuple[Inhibition, ...] = Field(default=(), max_length=200)
    times: tuple[NamedTimes, ...] = Field(default=(), max_length=200, description="Times that routes name")

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.route.matchers or self.route.proceed or self.route.mute_times or self.route.active_times:
            raise ValueError(
                "the route at the top takes every alert at any time: it has no matchers, continue or times"
            )
        named = [each.id for each in self.times]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise ValueError(f"there are two times {twice[0]}")
        for count, (depth, pointer, route) in enumerate(_walk(self.route, "/route"), 1):
            if depth > DEEPEST or count > MOST_ROUTES:
                raise ValueError(f"there are at most {MOST_ROUTES} routes, {DEEPEST} deep")
            for name in (*route.mute_times, *route.active_times):
                if name not in named:
                    raise ValueError(f"{pointer} names the times {name}, which are not among `times`")
        return self

    def tree(self) -> "RoutingTree":
        """Its routes, ready to be asked."""
        return RoutingTree(self.route)

    def is_muted(self, destination: Destination, at: datetime) -> str | None:
        """The id of the times that mute a destination now; None if somebody can be told."""
        times = {each.id: each for each in self.times}
        for name in destination.mute_times:
            if times[name].contains(at):
                return name
        if destination.active_times and not any(times[name].contains(at) for name in destination.active_times):
            return f"not {', '.join(destination.active_times)}"
        return None


class RoutingTree:
    """Routes with all that they inherit."""

    def __init__(self, top: Route) -> None:
        self._root = _node(top, dict(_DEFAULTS), "{}", "/route")

    def at_path(self, path: str) -> Destination | None:
        """The destination of this path, None where there is none any more."""
        return next((node.here for node in _nodes(self._root) if node.here.path == path), None)

    def destinations(self, labels: Mapping[str, str]) -> list[Destination]:
        """Where an alert with these labels arrives: at least one."""
        return list(_arrivals(self._root, labels))


def _nodes(node: _Node) -> Iterator[_Node]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _arrivals(node: _Node, labels: Mapping[str, str]) -> Iterator[Destination]:
    matching = sorted(node.index.matching(labels))
    if not matching:
        yield node.here
    for child in (node.children[number] for number in matching):
        yield from _arrivals(child, labels)
        if not child.route.proceed:
            return


def _node(route: Route, inherited: dict[str, Any], path: str, pointer: str) -> _Node:
    own = {name: value for name in inherited if (value := getattr(route, name)) is not None}
    settings = {**inherited, **own}
    here = Destination(
        path=path, pointer=pointer, mute_times=route.mute_times, active_times=route.active_times, **settings
    )
    seen: dict[str, int] = {}
    children = []
    for number, child in enumerate(route.routes):
        name = "{" + ",".join(sorted(map(str, child.matchers))) + "}"
        seen[name] = seen.get(name, 0) + 1
        own_path = f"{path}/{name}" + (f"#{seen[name]}" if seen[name] > 1 else "")
        children.append(_node(child, settings, own_path, f"{pointer}/routes/{number}"))
    index = MatcherIndex((child.matchers, number) for number, child in enumerate(route.routes))
    return _Node(route, here, tuple(children), index)


def _walk(route: Route, pointer: str, depth: int = 1) -> Iterator[tuple[int, str, Route]]:
    yield depth, pointer, route
    for number, child in enumerate(route.routes):
        yield from _walk(child, f"{pointer}/routes/{number}", depth + 1)


def walk_routes(routing: Routing) -> Iterator[tuple[str, Route]]:
    """Every route with its JSON pointer, parents first."""
    for _, pointer, route in _walk(routing.route, "/route"):
        yield pointer, route
