"""Templates as operators write them: documents of `notification_templates/{kind}`."""

from datetime import datetime
from typing import Any

from pydantic import Field

from shared.core.documents import StoredModel
from shared.notifications.message import JsonText
from shared.notifications.templating.language import MAX_SOURCE

KIND_PATTERN = r"^[a-z][a-z0-9_.-]{0,59}$"


class Parts(StoredModel):
    """The sources of a template, in the language of `language.py`. What is None stays as the message has it."""

    subject: str | None = Field(default=None, max_length=1000)
    text: str | None = Field(default=None, max_length=MAX_SOURCE)
    html: str | None = Field(default=None, max_length=MAX_SOURCE)
    sms: str | None = Field(default=None, max_length=2000)


class MessageTemplate(Parts):
    """How messages of a kind read, since when, and what it was tried with: `sample` is data as such a message brings along."""

    kind: str = Field(pattern=KIND_PATTERN)
    sample: JsonText = Field(default_factory=dict)
    modified: datetime
    modified_by: str

    def document(self) -> dict[str, Any]:
        """Its document."""
        return {**self.model_dump(mode="json", by_alias=True), "modified": self.modified}
