"""Channels: the ways to reach somebody. Documents of `notification_channels/{id}`; secrets are named there, never kept."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from shared.core.ids import ID_PATTERN

COLLECTION = "notification_channels"

SECRET_PATTERN = r"^notification-[A-Za-z0-9_-]{1,200}$"  # noqa: S105  (the form of its name)
SecretName = Annotated[str, StringConstraints(pattern=SECRET_PATTERN)]
"""A secret of Secret Manager. The prefix keeps a channel from sending another secret of the project to whom it likes."""
MailAddress = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}$")]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
"""E.164."""
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,255}$")]
HTTP_URL = r"^https?://[^\s/@?#]+(/[^\s#]*)?$"


class ChannelKind(StrEnum):
    """What a channel speaks."""

    EMAIL = "email"
    SLACK = "slack"
    SMS = "sms"
    WEBHOOK = "webhook"
    APPRISE = "apprise"


class _Part(BaseModel):
    """A part of a channel: unknown fields are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class SmtpServer(_Part):
    """A mail server of one's own: how it is spoken to, and who the mail is from."""

    host: HostName
    port: int = Field(ge=1, le=65_535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    username: str | None = Field(default=None, max_length=255)
    password: SecretName | None = None
    sender: MailAddress

    @model_validator(mode="after")
    def _no_password_in_clear(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password belong together: give both or none")
        if self.password is not None and self.security == "none":
            raise ValueError("a password is not sent in clear: set security to tls or starttls")
        return self


class Email(_Part):
    """E-mail, through the deployment's mail server (settings smtp_…) unless the channel has its own."""

    kind: Literal[ChannelKind.EMAIL] = ChannelKind.EMAIL
    recipients: tuple[MailAddress, ...] = Field(default=(), max_length=50)
    server: SmtpServer | None = None


class Slack(_Part):
    """Slack: by an incoming webhook (`webhook` names the secret that holds its URL), or by `token` and `conversation`."""

    kind: Literal[ChannelKind.SLACK] = ChannelKind.SLACK
    webhook: SecretName | None = None
    token: SecretName | None = None
    conversation: str | None = Field(default=None, pattern=r"^[#@]?[A-Za-z0-9._-]{1,80}$")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.webhook is None) == (self.token is None) or (self.token is None) != (self.conversation is None):
            raise ValueError("give either webhook, or token and conversation")
        return self


class Sms(_Part):
    """SMS by Twilio's API. `sender` is a number, or the id of a messaging service (MG…)."""

    kind: Literal[ChannelKind.SMS] = ChannelKind.SMS
    account: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$")
    token: SecretName
    sender: str = Field(pattern=r"^(\+[1-9][0-9]{6,14}|MG[0-9a-fA-F]{32})$")
    recipients: tuple[PhoneNumber, ...] = Field(default=(), max_length=50)


class Webhook(_Part):
    """A webhook by Standard Webhooks, signed with every version of `secret` that is enabled (the two newest at most)."""

    kind: Literal[ChannelKind.WEBHOOK] = ChannelKind.WEBHOOK
    url: str = Field(pattern=HTTP_URL, max_length=2000)
    secret: SecretName

    @model_validator(mode="after")
    def _port_makes_sense(self) -> Self:
        if urlsplit(self.url).port == 0:  # It raises ValueError, in a sentence, for those that are too large.
            raise ValueError("a port is from 1 to 65535")
        return self


class Apprise(_Part):
    """Any other service that Apprise knows. `url` names the secret that holds its URL."""

    kind: Literal[ChannelKind.APPRISE] = ChannelKind.APPRISE
    url: SecretName


Config = Annotated[Email | Slack | Sms | Webhook | Apprise, Field(discriminator="kind")]


_ADDRESSES: dict[ChannelKind, TypeAdapter[str]] = {
    **dict.fromkeys(ChannelKind, TypeAdapter(str)),
    ChannelKind.EMAIL: TypeAdapter(MailAddress),
    ChannelKind.SMS: TypeAdapter(PhoneNumber),
}


class Limit(_Part):
    """At most `most` messages in any `seconds`."""

    most: int = Field(ge=1, le=1000)
    seconds: int = Field(ge=1, le=86_400)


_ONE_A_MINUTE = (Limit(most=1, seconds=60),)
THROTTLES: dict[ChannelKind, tuple[Limit, ...]] = {
    ChannelKind.EMAIL: _ONE_A_MINUTE,
    ChannelKind.SLACK: _ONE_A_MINUTE,
    ChannelKind.APPRISE: _ONE_A_MINUTE,
    ChannelKind.SMS: (
        *_ONE_A_MINUTE,
        Limit(most=5, seconds=900),
        Limit(most=11, seconds=3600),
        Limit(most=21, seconds=10_800),
    ),
    ChannelKind.WEBHOOK: (),
}
"""What a contact gets at most, unless the channel says otherwise. Programs, which webhooks are read by, are not throttled."""


class Channel(_Part):
    """A way to reach somebody. `throttle` limits each of its contacts; None is what its kind is limited by."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(pattern=ID_PATTERN, max_length=100)
    name: str = Field(min_length=1, max_length=100)
    config: Config
    enabled: bool = True
    disabled_because: str | None = Field(default=None, max_length=1000)
    throttle: tuple[Limit, ...] | None = Field(default=None, max_length=8)
    max_attempts: int = Field(default=12, ge=1, le=20)
    created: datetime
    modified: datetime

    @property
    def kind(self) -> ChannelKind:
        """What it speaks."""
        return self.config.kind

    def can_reach(self, to: str) -> bool:
        """Whether `to` is an address of its kind."""
        try:
            _ADDRESSES[self.kind].validate_python(to)
        except ValidationError:
            return False
        return True

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"m{self.modified.timestamp():.6f}"

    @property
    def why_off(self) -> str:
        """A sentence, for a channel that is switched off."""
        return f"The channel is switched off: {self.disabled_because or 'by an operator'}."

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What each of its contacts is limited by."""
        return THROTTLES[self.kind] if self.throttle is None else self.throttle

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom it reaches: addresses, numbers, or itself (its id) where there is one receiver."""
        return self.config.recipients if isinstance(self.config, Email | Sms) else (self.id,)

    def document(self) -> dict[str, Any]:
        """Its document."""
        return {**self.model_dump(mode="json", by_alias=True), "created": self.created, "modified": self.modified}
