"""Messages: what somebody shall be told, before it is known by which channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, PlainSerializer

from shared.core.documents import StoredModel
from shared.core.errors import InvalidInput

JsonText = Annotated[
    dict[str, JsonValue],
    BeforeValidator(lambda kept: json.loads(kept) if isinstance(kept, str) else kept),
    PlainSerializer(lambda data: json.dumps(data, ensure_ascii=False), return_type=str, when_used="json"),
]
"""Any JSON object, kept in documents as its text: Firestore has no lists of lists, and no field without a name."""
MAX_BYTES = 400_000
"""What subject, text, HTML and data may have together, in UTF-8: a delivery is one document of Firestore."""


@dataclass(frozen=True)
class Attachment:
    """A file in Cloud Storage. `bucket` is its deployed name; `name` is what the receiver sees."""

    name: str
    content_type: str
    bucket: str
    path: str


@dataclass(frozen=True)
class Message:
    """What is told. `key` makes it one: the same key to the same contact of a channel is one delivery, queued once or often.

    `kind` names the template that operators may have written for messages of this kind (`alert`, `report` …); it sees `data`,
    which is also what webhooks are sent. `inline` are the images that `html` shows, by content id: `<img src="cid:ID">`."""

    key: str
    subject: str
    text: str
    html: str | None = None
    url: str | None = None
    severity: str | None = None
    attachments: tuple[Attachment, ...] = ()
    inline: Mapping[str, Attachment] = field(default_factory=dict)
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    kind: str = "message"


class Content(StoredModel):
    """A message as its receiver gets it: rendered once, when it is queued, so that a repeated send is the same message.

    `sms` is its short form."""

    kind: str
    subject: str
    text: str
    html: str | None = None
    sms: str
    url: str | None = None
    severity: str | None = None
    attachments: tuple[Attachment, ...] = ()
    inline: dict[str, Attachment] = Field(default_factory=dict)
    data: JsonText = Field(default_factory=dict)

    @property
    def has_files(self) -> bool:
        """Whether files go with it."""
        return bool(self.attachments or self.inline)

    @property
    def text_with_url(self) -> str:
        """The text, and where it leads to, unless the text says so itself."""
        return self.text if self.url is None or self.url in self.text else f"{self.text}\n\n{self.url}"

    def check_size(self) -> None:
        """Raise InvalidInput if it is too large for a document."""
        size = len(self.model_dump_json().encode())
        if size > MAX_BYTES:
            raise InvalidInput(
                f"The message has {size} bytes, and {MAX_BYTES} are allowed. Put what is large into an attachment."
            )
