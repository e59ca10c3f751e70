"""What operators of the local cloud have set: channels, routes and people; and alerts that fire in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from shared.alerts.escalation import Contact, EscalationPolicy
from shared.alerts.escalation.kept import CONTACTS, POLICIES
from shared.alerts.instances import AlertInstance
from shared.alerts.routing import Routing
from shared.alerts.routing.kept import CURRENT, ROUTING
from shared.core.clients import firestore_client
from shared.notifications import Email, save_channel
from tests.shared.alerts.dispatching.stage import START, firing_alert

COLLECTIONS = (
    "alert_rules",
    "alert_instances",
    "alert_groups",
    "alert_notifications",
    "alert_silences",
    "alert_routing",
    "alert_contacts",
    "escalation_policies",
    "notification_channels",
    "notification_deliveries",
)


@pytest.fixture
def nothing(cloud: Any) -> Iterator[None]:
    """Nothing is known of alerts, and nothing is set."""
    clear(*COLLECTIONS)
    yield


def clear(*collections: str) -> None:
    for collection in collections:
        firestore_client().recursive_delete(firestore_client().collection(collection))


def mail_channel(name: str, *recipients: str) -> None:
    save_channel(name, START, name=name, config=Email(recipients=recipients))


def set_route(**route: Any) -> None:
    ROUTING.put(CURRENT, Routing.model_validate({"route": route}))


def set_policy(*steps: dict[str, Any]) -> None:
    policy = {"id": "video", "name": "Video", "steps": steps}
    POLICIES.put("video", EscalationPolicy.model_validate(policy))


def set_contact(name: str, *ways: dict[str, Any]) -> None:
    CONTACTS.put(name, Contact.model_validate({"id": name, "name": name.title(), "ways": ways}))


def keep(alert: AlertInstance) -> AlertInstance:
    firestore_client().collection("alert_instances").document(alert.id).set(alert.document())
    return alert


def fire(rule: str, when: datetime = START, severity: str = "warning", **labels: str) -> AlertInstance:
    return keep(firing_alert(rule, when, severity, **labels))


def read(alert: AlertInstance) -> AlertInstance:
    document = firestore_client().collection("alert_instances").document(alert.id).get().to_dict()
    return AlertInstance.model_validate(document)


def deliveries() -> list[dict[str, Any]]:
    """What was queued, the oldest first."""
    found = [each.to_dict() for each in firestore_client().collection("notification_deliveries").stream()]
    return sorted(found, key=lambda each: (each["created"], each["to"]))
