"""References: settings name each other, and nothing may be named that is not there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.alerts.escalation.contacts import Contact
from shared.alerts.escalation.kept import CONTACTS, POLICIES, SCHEDULES
from shared.alerts.escalation.policies import EscalationPolicy
from shared.alerts.escalation.schedules import OnCallSchedule
from shared.alerts.routing import Routing, Target, load_routing, walk_routes
from shared.core.errors import FieldError
from shared.notifications import Channel, ChannelKind, find_channels

_ADDRESSES = {
    ChannelKind.EMAIL: "a mail address like ann@example.com (a domain of other letters is written xn--…)",
    ChannelKind.SMS: "a number like +4915112345678",
}
"""What the address of a person looks like, for the kinds of channels that reach more than one."""


class Kind(StrEnum):
    """What can be named."""

    CHANNEL = "channel"
    PERSON = "contact"
    SCHEDULE = "on-call schedule"
    POLICY = "escalation policy"


@dataclass(frozen=True)
class Reference:
    """That a setting names another: where (a JSON pointer), and what."""

    pointer: str
    kind: Kind
    id: str


def of_routing(routing: Routing) -> Iterator[Reference]:
    """What routes name."""
    for pointer, route in walk_routes(routing):
        yield from _of_targets(f"{pointer}/notify", route.notify or ())
        if route.policy is not None:
            yield Reference(f"{pointer}/policy", Kind.POLICY, route.policy)


def of_policy(policy: EscalationPolicy) -> Iterator[Reference]:
    """What a policy names."""
    for number, step in enumerate(policy.steps):
        yield from _of_targets(f"/steps/{number}/targets", step.targets)


def of_schedule(schedule: OnCallSchedule) -> Iterator[Reference]:
    """What a schedule names."""
    for number, layer in enumerate(schedule.layers):
        for turn, person in enumerate(layer.people):
            yield Reference(f"/layers/{number}/people/{turn}", Kind.PERSON, person)
    for number, override in enumerate(schedule.overrides):
        yield Reference(f"/overrides/{number}/person", Kind.PERSON, override.person)


def of_contact(contact: Contact) -> Iterator[Reference]:
    """What a contact names."""
    for number, way in enumerate(contact.ways):
        yield Reference(f"/ways/{number}/channel", Kind.CHANNEL, way.channel)


def _of_targets(pointer: str, targets: Iterable[Target]) -> Iterator[Reference]:
    for number, target in enumerate(targets):
        for field, kind, name in (
            ("channel", Kind.CHANNEL, target.channel),
            ("person", Kind.PERSON, target.person),
            ("schedule", Kind.SCHEDULE, target.schedule),
        ):
            if name is not None:
                yield Reference(f"{pointer}/{number}/{field}", kind, name)


def missing(references: Iterable[Reference]) -> list[FieldError]:
    """An error for each reference that leads nowhere."""
    named = list(references)
    wanted = {kind: {each.id for each in named if each.kind is kind} for kind in Kind}
    known = {kind: _known(kind, ids) if ids else set() for kind, ids in wanted.items()}
    return [
        FieldError(each.pointer, f"There is no {each.kind} {each.id}. Create it first, or name another one.", "unknown")
        for each in named
        if each.id not in known[each.kind]
    ]


def _known(kind: Kind, ids: set[str]) -> set[str]:
    match kind:
        case Kind.CHANNEL:
            return set(find_channels(ids))
        case Kind.PERSON:
            return CONTACTS.existing(ids)
        case Kind.SCHEDULE:
            return SCHEDULES.existing(ids)
        case Kind.POLICY:
            return POLICIES.existing(ids)


def unfit_addresses(contact: Contact) -> list[FieldError]:
    """An error for each address that its channel cannot reach. Channels that are not there are not looked at."""
    channels = find_channels({way.channel for way in contact.ways})
    ways = enumerate(contact.ways)
    found = ((n, _why_unfit(channels[way.channel], way.address)) for n, way in ways if way.channel in channels)
    return [FieldError(f"/ways/{number}/address", why) for number, why in found if why is not None]


def _why_unfit(channel: Channel, address: str | None) -> str | None:
    if channel.kind not in _ADDRESSES:
        return f"A {channel.kind} channel has one receiver: leave the address out." if address is not None else None
    if address is None or not channel.can_reach(address):
        return f"A person is reached by {channel.kind} at {_ADDRESSES[channel.kind]}."
    return None


def naming(kind: Kind, setting_id: str) -> list[str]:
    """What names a setting, as people call it: `the routes`, `the escalation policy video` …"""
    places = [("the routes", of_routing(load_routing()))]
    places += [(f"the escalation policy {each.id}", of_policy(each)) for each in POLICIES.load().values()]
    if kind is Kind.PERSON:
        places += [(f"the on-call schedule {each.id}", of_schedule(each)) for each in SCHEDULES.load().values()]
    return [name for name, named in places if any((each.kind, each.id) == (kind, setting_id) for each in named)]
