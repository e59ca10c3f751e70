"""/v1/notification-templates: how messages of a kind read, written by operators, tried before they are saved."""

from datetime import datetime

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import WireModel, answer, no_content
from functions.http.authentication import require_role
from functions.http.idempotency import idempotent
from functions.http.openapi import resource
from shared import notifications
from shared.core.clock import now
from shared.core.principal import Role
from shared.notifications import KIND_PATTERN, MAX_SOURCE, Parts

api = resource("notification-templates")


class KindPath(WireModel):
    """A path with a kind of messages: `alert`, `report`, `bundle`, `test`, `message` …"""

    kind: str = Field(pattern=KIND_PATTERN, max_length=60)


class NotificationSources(WireModel):
    """A template, in the language that docs/notifications.md tells of. A part that is left out stays as messages have it."""

    subject: str | None = Field(default=None, max_length=1000)
    text: str | None = Field(default=None, max_length=MAX_SOURCE)
    html: str | None = Field(default=None, max_length=MAX_SOURCE)
    sms: str | None = Field(default=None, max_length=2000)
    sample: dict[str, JsonValue] = Field(default={}, description="`data` to try it with; left out: ours")

    @property
    def parts(self) -> Parts:
        """The sources without the sample."""
        return Parts(subject=self.subject, text=self.text, html=self.html, sms=self.sms)


class NotificationTemplate(NotificationSources):
    """A template, and who saved it when."""

    kind: str
    modified: datetime
    modified_by: str

    @classmethod
    def of(cls, template: notifications.MessageTemplate) -> "NotificationTemplate":
        """The wire form."""
        return cls.model_validate(template.model_dump())


class NotificationTemplateList(WireModel):
    """All templates, by kind."""

    items: list[NotificationTemplate]


class NotificationPreview(WireModel):
    """What a template becomes; null where it has no such part."""

    subject: str | None
    text: str | None
    html: str | None
    sms: str | None


@api.get("/v1/notification-templates", responses={200: NotificationTemplateList})
def list_templates() -> Response:
    """The templates that operators have written, by kind; for operators"""
    require_role(Role.OPERATOR)
    items = [NotificationTemplate.of(template) for template in notifications.list_templates()]
    return answer(NotificationTemplateList(items=items))


@api.get("/v1/notification-templates/<string:kind>", responses={200: NotificationTemplate})
def get_template(path: KindPath) -> Response:
    """The template of a kind, if somebody has written one; for operators"""
    require_role(Role.OPERATOR)
    return answer(NotificationTemplate.of(notifications.get_template(path.kind)))


@api.put("/v1/notification-templates/<string:kind>", responses={200: NotificationTemplate})
def put_template(path: KindPath, body: NotificationSources) -> Response:
    """Try a template, and save it if it can be rendered; for operators"""
    operator = require_role(Role.OPERATOR)
    saved = notifications.save_template(path.kind, body.parts, body.sample, operator.uid, now())
    return answer(NotificationTemplate.of(saved))


@api.delete("/v1/notification-templates/<string:kind>", responses={204: None})
def delete_template(path: KindPath) -> Response:
    """Let messages of a kind read as they come again; for operators"""
    operator = require_role(Role.OPERATOR)
    notifications.delete_template(path.kind, operator.uid, now())
    return no_content()


@api.post("/v1/notification-templates/<string:kind>:preview", responses={200: NotificationPreview})
@idempotent
def preview_template(path: KindPath, body: NotificationSources) -> Response:
    """What a template becomes with its sample, without saving it; for operators"""
    require_role(Role.OPERATOR)
    rendered = notifications.render_parts(body.parts, notifications.sample_of(path.kind, body.sample))
    return answer(
        NotificationPreview(subject=rendered.subject, text=rendered.text, html=rendered.html, sms=rendered.sms)
    )
