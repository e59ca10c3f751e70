"""/v1/notification-deliveries: what became of each message, and sending again what did not arrive."""

from datetime import datetime

from flask import Response
from pydantic import Field

from functions.http.answers import Id, IdPath, PageQuery, WireModel, answer
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared import notifications
from shared.core.clock import now
from shared.core.principal import Role
from shared.notifications import AttemptOutcome, ChannelKind, DeliveryState

api = resource("notification-deliveries")


class DeliveryAttempt(WireModel):
    """An attempt: when it began and ended, how, and what the receiver answered."""

    at: datetime
    ended: datetime | None
    outcome: AttemptOutcome
    answer: str


class NotificationDelivery(WireModel):
    """A message on its way to a contact of a channel. `id` is what the receiver knows it by: webhook-id, or in the Message-ID."""

    id: str
    channel_id: str
    channel_name: str
    kind: ChannelKind
    to: str
    subject: str
    severity: str | None
    state: DeliveryState
    created: datetime
    due: datetime | None = Field(description="When it is looked at next, unless it is over")
    delivered_at: datetime | None
    attempts: list[DeliveryAttempt] = Field(description="The last 20")
    carrier: str | None = Field(description="The delivery that it went out with")
    bundle: list[str] = Field(description="The deliveries that went out with it")

    @classmethod
    def of(cls, delivery: notifications.Delivery) -> "NotificationDelivery":
        """The wire form."""
        told = delivery.model_dump(include=set(cls.model_fields))
        about = {"subject": delivery.sent_content.subject, "severity": delivery.sent_content.severity}
        return cls.model_validate({**told, **about})


class NotificationDeliveryList(WireModel):
    """A page of deliveries."""

    items: list[NotificationDelivery]
    next_page_token: str | None


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    channel: Id | None = Field(default=None, description="Id of a channel")
    state: DeliveryState | None = Field(default=None, description="`dead` lists the dead letters")


@api.get("/v1/notification-deliveries", responses={200: NotificationDeliveryList})
def list_deliveries(query: DeliveriesQuery) -> Response:
    """The delivery log, newest first; for operators"""
    require_role(Role.OPERATOR)
    page = notifications.list_deliveries(query.limit, query.page_token, channel=query.channel, state=query.state)
    items = [NotificationDelivery.of(delivery) for delivery in page.items]
    return answer(NotificationDeliveryList(items=items, next_page_token=page.next_page_token))


@api.get("/v1/notification-deliveries/<string:id>", responses={200: NotificationDelivery})
def get_delivery(path: IdPath) -> Response:
    """A delivery with its attempts; for operators"""
    require_role(Role.OPERATOR)
    return answer(NotificationDelivery.of(notifications.get_delivery(path.id)))


@api.post("/v1/notification-deliveries/<string:id>:replay", responses={200: NotificationDelivery})
@idempotent
def replay_delivery(path: IdPath) -> Response:
    """Let a delivery that is over go out again, as the same message; for operators"""
    require_role(Role.OPERATOR)
    return answer(NotificationDelivery.of(notifications.replay(path.id, now())))
