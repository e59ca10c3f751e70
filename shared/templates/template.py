"""Template: the document `users/{uid}/templates/{id}` and its versions."""

from datetime import datetime
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.kompositions import Komposition, load_content, parse_komposition
from shared.templates.variable import Variable


class TemplateSummary(StoredModel):
    """A user's template without its content."""

    id: str
    user_id: str
    name: str
    description: str = ""
    version: int = Field(ge=1)
    variables: list[Variable]
    created: datetime
    modified: datetime

    @property
    def etag(self) -> str:
        """Changes with every save."""
        return f"v{self.version}"

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return template_reference(self.user_id, self.id)

    def fields(self) -> dict[str, Any]:
        """As Firestore keeps it, without the content. Defaults and choices can have any shape, so variables are JSON."""
        told = self.model_dump(by_alias=True, include=set(TemplateSummary.model_fields) - {"variables"})
        return {**told, "variables": [variable.model_dump_json(by_alias=True) for variable in self.variables]}


class Template(TemplateSummary):
    """A user's template with its komposition: canonical JSON."""

    komposition: dict[str, Any]

    def parse(self) -> Komposition:
        """The komposition as a model."""
        return parse_komposition(self.komposition)


def template_reference(user_id: str, template_id: str) -> DocumentReference:
    """Where a template's document is."""
    return firestore_client().collection("users", user_id, "templates").document(template_id)


def parse_summary(stored: dict[str, Any]) -> TemplateSummary:
    """A template as Firestore has it, without the content."""
    return TemplateSummary.model_validate({**stored, "variables": _variables(stored)})


def parse_template(stored: dict[str, Any]) -> Template:
    """A template as Firestore has it."""
    content = load_content(stored)
    return Template.model_validate({**stored, "variables": _variables(stored), "komposition": content})


def _variables(stored: dict[str, Any]) -> list[Variable]:
    return [Variable.model_validate_json(text) for text in stored["variables"]]
