"""Contacts: people who can be told, each by the ways that they prefer for a severity."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from shared.alerts.escalation.schedules import OnCallSchedule
from shared.alerts.routing import Target
from shared.alerts.routing.model import PersonId, SettingId, SettingsModel
from shared.alerts.rules import Severity
from shared.core.documents import StoredModel


class Way(SettingsModel):
    """A channel by which somebody is told of alerts of these severities."""

    channel: SettingId
    address: str | None = Field(
        default=None, min_length=1, max_length=320, description="Their mail address or number; none: the channel's own"
    )
    severities: tuple[Severity, ...] = Field(default=tuple(Severity), min_length=1)


class ContactContent(SettingsModel):
    """How somebody is called, and the ways to tell them."""

    name: str = Field(min_length=1, max_length=100)
    ways: tuple[Way, ...] = Field(default=(), max_length=20)


class Contact(ContactContent):
    """A person. Documents of `alert_contacts`."""

    id: PersonId


class Address(StoredModel):
    """Where a message goes: a channel, for some channels to an address of a person."""

    channel: str
    recipient: str | None = None
    person: str | None = None

    def __str__(self) -> str:
        return f"{self.person}/{self.channel}" if self.person else self.channel


@dataclass(frozen=True)
class Reach:
    """The addresses that targets lead to, each once, and who of them cannot be reached and why. `idle` are those of the addresses
    whose channel is gone or switched off: what is sent there lies, until somebody switches it on."""

    addresses: tuple[Address, ...]
    missed: tuple[str, ...] = ()
    idle: tuple[Address, ...] = ()

    @property
    def anybody(self) -> bool:
        """Whether somebody hears of it now."""
        return len(self.idle) < len(self.addresses)


@dataclass(frozen=True)
class Directory:
    """Everybody who can be told: contacts and schedules by their ids. `channels` are those that are switched on; None: all."""

    contacts: Mapping[str, Contact]
    schedules: Mapping[str, OnCallSchedule]
    channels: Collection[str] | None = None

    def reach(self, targets: Iterable[Target], severity: Severity, at: datetime) -> Reach:
        """The addresses of these targets for an alert of this severity at this time."""
        addresses: dict[Address, None] = {}
        missed: list[str] = []
        for target in targets:
            found = self._addresses(target, severity, at)
            if isinstance(found, str):
                missed.append(found)
            else:
                addresses.update(dict.fromkeys(found))
        idle = tuple(each for each in addresses if self.channels is not None and each.channel not in self.channels)
        return Reach(tuple(addresses), tuple(dict.fromkeys(missed)), idle)

    def _addresses(self, target: Target, severity: Severity, at: datetime) -> Collection[Address] | str:
        """The addresses, or a sentence that says why there are none."""
        if target.channel is not None:
            return (Address(channel=target.channel),)
        if target.person is not None:
            return self._ways(target.person, severity)
        assert target.schedule is not None
        schedule = self.schedules.get(target.schedule)
        if schedule is None:
            return f"there is no schedule {target.schedule}"
        person = schedule.person_at(at)
        return self._ways(person, severity) if person is not None else f"nobody is on call by {schedule.id}"

    def _ways(self, person: str, severity: Severity) -> Collection[Address] | str:
        contact = self.contacts.get(person)
        if contact is None:
            return f"{person} is no contact"
        ways = [way for way in contact.ways if severity in way.severities]
        if not ways:
            return f"{person} has no way for {severity} alerts"
        return [Address(channel=way.channel, recipient=way.address, person=person) for way in ways]
