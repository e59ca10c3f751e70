"""/v1/templates of the system: what many users run, learned from them; taken up, rated, and decided on by operators."""

from datetime import datetime
from typing import Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import Id, IdPath, WireModel, answer
from functions.http.authentication import principal, require_role
from functions.http.idempotency import idempotent, resource_id
from functions.http.openapi import resource
from functions.resources.chains import OwnChain, RunChain
from functions.resources.jobs import Job
from shared import patterns
from shared.chains import batch_of, wire
from shared.core.errors import NotFound
from shared.core.principal import Role
from shared.patterns import Decision, Evidence, Saving, TemplateState, Trend, TypicalParameter

api = resource("system-templates")


class SystemStep(WireModel):
    """One operation, what it is usually run with, and the formats that it usually reads and writes."""

    operation: str
    parameters: list[TypicalParameter]
    input_format: str | None
    output_format: str | None


class SystemTemplate(WireModel):
    """A template of the system. Figures are of the last 90 days; what fewer than five people stand behind is not told."""

    id: str
    name: str
    slug: str = Field(description="The name as programs write it")
    description: str
    state: TemplateState
    version: int
    workflow_type: str | None
    type_probability: float | None = Field(description="How sure the classifier is of the workflow type, 0 to 1")
    evidence: list[Evidence] = Field(description="What speaks for the workflow type, the strongest first")
    operations: list[str]
    steps: list[SystemStep]
    chain: dict[str, JsonValue] | None = Field(
        description="As `python -m shared.media batch` reads it, once INPUT_1 … are replaced by files; null if it cannot run here"
    )
    needs: list[str] = Field(description="What each input must have, in order: video, image, sound or media")
    not_runnable: str | None = Field(description="Why it cannot run here: it has operations that we do not know")
    frequency: int = Field(description="Sessions that hold its operations one right after the other")
    occurrences: int = Field(description="How often they were run so")
    with_gaps: int | None = Field(description="Sessions that hold them with others in between")
    user_count: int = Field(description="People who ran them, at least")
    success_rate: float = Field(description="Share of the runs in which every operation succeeded")
    avg_duration: float = Field(description="Mean milliseconds of all operations together")
    median_duration: float
    platforms: list[str]
    first_seen: datetime | None
    last_seen: datetime | None
    is_new: bool
    trend: Trend | None
    saving: Saving = Field(description="What one run of the template spares an agent")
    uses: int = Field(description="Runs of the template as a whole")
    use_success_rate: float | None
    adoptions: int | None
    rating: float | None = Field(description="1 to 5")
    ratings: int | None
    created: datetime
    modified: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, template: patterns.Template) -> "SystemTemplate":
        """The wire form."""
        told = template.model_dump(include=set(cls.model_fields) - {"steps"})
        steps = [step.model_dump(include=set(SystemStep.model_fields)) for step in template.steps]
        reason, chain = patterns.why_not_runnable(template), patterns.chain_of(template)
        run: dict[str, Any] = {"not_runnable": reason, "chain": None, "needs": []}
        if reason is None:
            run |= {"chain": batch_of(chain), "needs": list(wire(chain).needs)}
        return cls.model_validate({**told, "steps": steps, **run})


class SystemTemplateVersion(WireModel):
    """What a template of the system was in one version."""

    version: int
    created: datetime
    name: str
    description: str
    workflow_type: str | None
    steps: list[SystemStep]

    @classmethod
    def of(cls, version: patterns.Version) -> "SystemTemplateVersion":
        """The wire form."""
        steps = [step.model_dump(include=set(SystemStep.model_fields)) for step in version.steps]
        return cls.model_validate({**version.model_dump(exclude={"steps"}), "steps": steps})


class Review(WireModel):
    """What an operator says of a template, and the name that it shall have."""

    comment: str = Field(default="", max_length=1000)
    name: str | None = Field(default=None, min_length=1, max_length=100)
    description: str | None = Field(default=None, min_length=1, max_length=1000)


class Comment(WireModel):
    """Why an operator decides so."""

    comment: str = Field(default="", max_length=1000)


class Copy(WireModel):
    """What your copy shall be called; left out: as the template."""

    name: str | None = Field(default=None, min_length=1, max_length=200)


class DecisionList(WireModel):
    """Every change of a template's state, the first one first."""

    items: list[Decision]


class Stars(WireModel):
    """A rating."""

    stars: int = Field(ge=1, le=5)


class Adopted(WireModel):
    """That you have taken up a template, and how you have rated it."""

    template_id: Id
    version: int = Field(description="Of the template, when you took it up or rated it last")
    stars: int | None
    adopted: datetime

    @classmethod
    def of(cls, adoption: patterns.Adoption) -> "Adopted":
        """The wire form."""
        return cls.model_validate(adoption.model_dump(include=set(cls.model_fields)))


def seen_template(identifier: str) -> patterns.Template:
    """The template, if the caller may see it: operators see all, others what is published. Raises NotFound."""
    template = patterns.get_template(identifier)
    if template.state is not TemplateState.PUBLISHED and not principal().has(Role.OPERATOR):
        raise NotFound(f"There is no template {identifier}.")
    return template


@api.post("/v1/templates/<string:id>/run", responses={202: Job})
@idempotent
def run_template(path: IdPath, body: RunChain) -> Response:
    """Run a template of the system on assets, as one job; what it makes becomes an asset; follow the job"""
    template = seen_template(path.id)
    job = patterns.run_template(principal().uid, resource_id(), template, body.inputs, body.params)
    return answer(Job.of(job), 202, Location=f"/v1/jobs/{job.id}")


@api.post("/v1/templates/<string:id>/copy", responses={201: OwnChain})
@idempotent
def copy_template(path: IdPath, body: Copy) -> Response:
    """Make a template of the system a chain of your own, to change and run as you like"""
    chain = patterns.copy_template(principal().uid, resource_id(), seen_template(path.id), body.name)
    return answer(OwnChain.of(chain), 201, etag=chain.etag, Location=f"/v1/chains/{chain.id}")


@api.post("/v1/templates/<string:id>/adopt", responses={200: Adopted})
@idempotent
def adopt_template(path: IdPath) -> Response:
    """Take up a template of the system; doing it again changes nothing"""
    return answer(Adopted.of(patterns.adopt(principal().uid, path.id)))


@api.put("/v1/templates/<string:id>/rating", responses={200: Adopted})
def rate_template(path: IdPath, body: Stars) -> Response:
    """Rate a template of the system with 1 to 5 stars; your last rating counts"""
    return answer(Adopted.of(patterns.adopt(principal().uid, path.id, body.stars)))


@api.get("/v1/templates/<string:id>/decisions", responses={200: DecisionList})
def list_decisions(path: IdPath) -> Response:
    """How a template of the system came into its state; for operators"""
    require_role(Role.OPERATOR)
    return answer(DecisionList(items=patterns.decisions_about(path.id)))


@api.post("/v1/templates/<string:id>/review", responses={200: SystemTemplate})
@idempotent
def review_template(path: IdPath, body: Review) -> Response:
    """Say that a template has been looked at, and name it; for operators"""
    return _decided(path.id, TemplateState.REVIEWED, body.comment, name=body.name, description=body.description)


@api.post("/v1/templates/<string:id>/publish", responses={200: SystemTemplate})
@idempotent
def publish_template(path: IdPath, body: Comment) -> Response:
    """Show a template to all users; for operators"""
    return _decided(path.id, TemplateState.PUBLISHED, body.comment)


@api.post("/v1/templates/<string:id>/retire", responses={200: SystemTemplate})
@idempotent
def retire_template(path: IdPath, body: Comment) -> Response:
    """Take a template back, or turn a proposal down; it is not proposed again; for operators"""
    return _decided(path.id, TemplateState.RETIRED, body.comment)


def _decided(identifier: str, state: TemplateState, comment: str, **named: str | None) -> Response:
    operator = require_role(Role.OPERATOR)
    template = patterns.decide(identifier, state, operator.uid, comment, **named)
    return answer(SystemTemplate.of(template), etag=template.etag)
