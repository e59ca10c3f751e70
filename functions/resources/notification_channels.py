"""/v1/notification-channels: whom alerts and reports reach, and how; tried with a button."""

from datetime import datetime

from flask import Response
from pydantic import Field

from functions.http.answers import IdPath, PageQuery, WireModel, answer, no_content, precondition
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.notification_deliveries import NotificationDelivery, NotificationDeliveryList
from shared import notifications
from shared.core.clock import now
from shared.core.principal import Role
from shared.notifications import ChannelKind, Config, Limit

api = resource("notification-channels")


class NotificationChannel(WireModel):
    """A channel. Secrets are named, and nowhere told."""

    id: str
    name: str
    kind: ChannelKind
    config: Config
    enabled: bool
    disabled_because: str | None = Field(description="What its receiver said when it was gone (410)")
    throttle: list[Limit] = Field(description="What each of its contacts gets at most; what is held back is bundled")
    max_attempts: int
    created: datetime
    modified: datetime

    @classmethod
    def of(cls, channel: notifications.Channel) -> "NotificationChannel":
        """The wire form."""
        told = {name: getattr(channel, name) for name in cls.model_fields if name != "throttle"}
        return cls.model_validate({**told, "throttle": list(channel.limits)})


class NotificationChannelList(WireModel):
    """A page of channels, by id."""

    items: list[NotificationChannel]
    next_page_token: str | None


class NewNotificationChannel(WireModel):
    """A channel to save, as a whole. Without `throttle` its contacts are limited as its kind is."""

    name: str = Field(min_length=1, max_length=100)
    config: Config
    enabled: bool = True
    throttle: list[Limit] | None = Field(default=None, max_length=8)
    max_attempts: int = Field(default=12, ge=1, le=20, description="After the last one it is a dead letter")


@api.get("/v1/notification-channels", responses={200: NotificationChannelList})
def list_channels(query: PageQuery) -> Response:
    """The channels, by id; for operators"""
    require_role(Role.OPERATOR)
    page = notifications.list_channels(query.limit, query.page_token)
    items = [NotificationChannel.of(channel) for channel in page.items]
    return answer(NotificationChannelList(items=items, next_page_token=page.next_page_token))


@api.post("/v1/notification-channels", responses={201: NotificationChannel})
@idempotent
def create_channel(body: NewNotificationChannel) -> Response:
    """Create a channel under an id of our choice; for operators"""
    operator = require_role(Role.OPERATOR)
    channel, _ = _save(resource_id(), body, operator.uid)
    return _told(channel, 201, Location=f"/v1/notification-channels/{channel.id}")


@api.get("/v1/notification-channels/<string:id>", responses={200: NotificationChannel})
def get_channel(path: IdPath) -> Response:
    """A channel; for operators"""
    require_role(Role.OPERATOR)
    return _told(notifications.get_channel(path.id))


@api.put("/v1/notification-channels/<string:id>", responses={200: NotificationChannel, 201: NotificationChannel})
def put_channel(path: IdPath, body: NewNotificationChannel) -> Response:
    """Create or change a channel; send If-Match so that nobody's work is lost; for operators"""
    operator = require_role(Role.OPERATOR)
    channel, new = _save(path.id, body, operator.uid)
    return _told(channel, 201 if new else 200)


@api.delete("/v1/notification-channels/<string:id>", responses={204: None})
def delete_channel(path: IdPath) -> Response:
    """Delete a channel; what waits in it becomes dead letters; for operators"""
    operator = require_role(Role.OPERATOR)
    notifications.delete_channel(path.id, precondition().check, by=operator.uid)
    return no_content()


@api.post("/v1/notification-channels/<string:id>:test", responses={200: NotificationDeliveryList})
@idempotent
def test_channel(path: IdPath) -> Response:
    """Send a test to every contact of a channel now, and see what came of it; for operators"""
    require_role(Role.OPERATOR)
    tried = notifications.try_channel(path.id, now(), key=resource_id())
    return answer(
        NotificationDeliveryList(items=[NotificationDelivery.of(delivery) for delivery in tried], next_page_token=None)
    )


@api.post("/v1/notification-channels/<string:id>:replay", responses={200: NotificationDeliveryList})
@idempotent
def replay_channel(path: IdPath) -> Response:
    """Let the dead letters of a channel go out again, the newest 500 at most; for operators"""
    require_role(Role.OPERATOR)
    replayed = notifications.replay_dead(notifications.get_channel(path.id).id, now())
    items = [NotificationDelivery.of(delivery) for delivery in replayed]
    return answer(NotificationDeliveryList(items=items, next_page_token=None))


def _save(channel_id: str, body: NewNotificationChannel, by: str) -> tuple[notifications.Channel, bool]:
    return notifications.save_channel(
        channel_id,
        now(),
        name=body.name,
        config=body.config,
        enabled=body.enabled,
        throttle=None if body.throttle is None else tuple(body.throttle),
        max_attempts=body.max_attempts,
        check=precondition().check,
        by=by,
    )


def _told(channel: notifications.Channel, status: int = 200, **headers: str) -> Response:
    return answer(NotificationChannel.of(channel), status, etag=channel.etag, **headers)
