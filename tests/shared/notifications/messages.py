"""Messages of tests, and what became of them."""

from datetime import UTC, datetime
from typing import Any

from shared.core.ids import new_id
from shared.notifications import Delivery, Message
from shared.notifications.delivery import parse_delivery, reference_of

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def message(subject: str = "Slow", **given: Any) -> Message:
    return Message(**{"key": new_id(), "subject": subject, "text": f"{subject}: 95 s", "severity": "critical", **given})


def delivery_of(delivery_id: str) -> Delivery:
    delivery = parse_delivery(reference_of(delivery_id).get().to_dict())
    assert delivery is not None
    return delivery
