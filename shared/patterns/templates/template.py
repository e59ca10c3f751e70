"""Template: a workflow of the system, ready to run, in `templates/{id}`; its contents so far in `versions/{n}` below."""

import hashlib
import json
from datetime import datetime
from enum import StrEnum
from typing import Any

from google.cloud.firestore import DocumentReference
from pydantic import Field, JsonValue

from shared.core.clients import firestore_client
from shared.core.documents import StoredModel
from shared.patterns.classification import Evidence
from shared.patterns.pattern import ARROW
from shared.patterns.saving import Saving
from shared.patterns.trend import Trend
from shared.patterns.typical import TypicalParameter

COLLECTION = "templates"
MINED = "mined"
SYSTEM = "system"
"""Who decided, when no operator did."""


class TemplateState(StrEnum):
    """Where a template is in its life. Only published ones are seen by all."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    RETIRED = "retired"


class Decision(StoredModel):
    """A change of state: when, from where to where, by whom (a user id, or `system`), and why. `decisions/{n}`, for operators."""

    at: datetime
    before: TemplateState | None
    after: TemplateState
    by: str
    comment: str = ""

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it."""
        states = {"before": self.before and self.before.value, "after": self.after.value}
        return {**self.model_dump(by_alias=True), **states}


class TemplateStep(StoredModel):
    """One operation with what it is usually run with, and the formats that it usually reads and writes."""

    operation: str
    parameters: tuple[TypicalParameter, ...] = ()
    input_format: str | None = None
    output_format: str | None = None

    @property
    def presets(self) -> dict[str, JsonValue]:
        """The usual values by parameter."""
        return {parameter.name: parameter.value for parameter in self.parameters}


class Content(StoredModel):
    """What a template is. Another one is another version."""

    name: str
    description: str
    workflow_type: str | None
    steps: tuple[TemplateStep, ...]

    @property
    def digest(self) -> str:
        """Changes with what it does and how it is called; not with shares and quartiles, which change every night."""
        steps = [[step.operation, step.output_format, step.presets] for step in self.steps]
        told = json.dumps([self.name, self.description, self.workflow_type, steps], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()

    def as_version(self, number: int, at: datetime) -> dict[str, Any]:
        """The document of it as a version."""
        return {**self.model_dump(by_alias=True), "steps": _steps(self), "version": number, "created": at}


class Version(Content):
    """What a template was in one version, and since when."""

    version: int = Field(ge=1)
    created: datetime


class Figures(StoredModel):
    """What the template's pattern was found by, when it was last looked at."""

    frequency: int = 0
    occurrences: int = 0
    user_count: int = 0
    success_rate: float = 0.0
    avg_duration: float = 0.0
    median_duration: float = 0.0
    platforms: tuple[str, ...] = ()
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    recent_occurrences: int = 0
    recent_successes: int = 0
    with_gaps: int | None = None
    is_new: bool = False
    trend: Trend | None = None
    saving: Saving
    type_probability: float | None = None
    evidence: tuple[Evidence, ...] = ()


class Template(Content, Figures):
    """A template with its figures and its life. All of it may be seen by everybody once it is published: counts that fewer than K
    people stand behind are left out."""

    id: str
    slug: str
    origin: str = MINED
    state: TemplateState = TemplateState.PROPOSED
    decided_at: datetime
    by_operator: bool = Field(default=False, description="Whether an operator put it in this state")
    reason: str = Field(default="", description="Why the thresholds put it in this state")
    decisions: int = Field(default=1, description="How often its state was decided on")
    version: int = Field(default=1, ge=1)
    operations: tuple[str, ...]
    renamed: bool = Field(default=False, description="Whether an operator gave it its name")
    uses: int = Field(default=0, description="Runs of the template as a whole; 0 while fewer than K people have run it")
    use_success_rate: float | None = None
    adoptions: int | None = None
    rating: float | None = Field(default=None, description="1 to 5; null while fewer than K people have rated")
    ratings: int | None = None
    created: datetime
    modified: datetime = Field(description="When its content changed")
    published_at: datetime | None = None

    @property
    def pattern(self) -> str:
        """The operations joined by arrows."""
        return ARROW.join(self.operations)

    @property
    def content(self) -> Content:
        """What a version keeps."""
        return Content.model_validate({name: getattr(self, name) for name in Content.model_fields})

    @property
    def reference(self) -> DocumentReference:
        """Where the document is."""
        return template_reference(self.id)

    @property
    def etag(self) -> str:
        """Changes with its content and its state."""
        return f"v{self.version}.{self.decisions}"

    def document(self) -> dict[str, Any]:
        """As Firestore keeps it: camelCase, times as times. Steps are JSON: parameters can have any shape."""
        plain = {"state", "operations", "platforms", "trend", "evidence"}
        told = {**self.model_dump(by_alias=True), **self.model_dump(by_alias=True, mode="json", include=plain)}
        return {**told, "steps": _steps(self)}

    def moved(self, after: TemplateState, at: datetime, *, by_operator: bool, reason: str = "") -> "Template":
        """In another state."""
        update: dict[str, Any] = {"state": after, "decided_at": at, "by_operator": by_operator, "reason": reason}
        if after is TemplateState.PUBLISHED:
            update["published_at"] = at
        return self.model_copy(update={**update, "decisions": self.decisions + 1})


def template_id(pattern: str) -> str:
    """The same operations give the same id for ever."""
    return f"{MINED}-{hashlib.sha256(pattern.encode()).hexdigest()[:20]}"


def template_reference(identifier: str) -> DocumentReference:
    """Where a template's document is."""
    return firestore_client().collection(COLLECTION).document(identifier)


def parse_template(stored: dict[str, Any]) -> Template:
    """A template as Firestore has it."""
    return Template.model_validate({**stored, "steps": _parsed(stored)})


def parse_version(stored: dict[str, Any]) -> Version:
    """A version as Firestore has it."""
    return Version.model_validate({**stored, "steps": _parsed(stored)})


def _steps(content: Content) -> list[str]:
    return [step.model_dump_json(by_alias=True) for step in content.steps]


def _parsed(stored: dict[str, Any]) -> list[TemplateStep]:
    return [TemplateStep.model_validate_json(step) for step in stored["steps"]]
