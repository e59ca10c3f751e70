"""/v1/recommendations: what to run next, and what went better than this."""

from typing import Annotated, Any

from flask import Response
from pydantic import Field, JsonValue

from functions.http.answers import WireModel, answer
from functions.http.authentication import principal
from functions.http.openapi import resource
from shared.events import Platform
from shared.patterns.recommending import Advice, ModelCard, Recommendation, advise, model_card, recommend
from shared.patterns.recommending.chains import Alternative, Chain
from shared.patterns.recommending.intervals import Interval
from shared.patterns.recommending.recommender import Source

api = resource("recommendations")

OperationName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Format = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,15}$")]
MAX_WORKFLOW = 200


class CurrentWorkflow(WireModel):
    """What was run so far, and where."""

    workflow: list[OperationName] = Field(
        default=[], max_length=MAX_WORKFLOW, description="Operations in order; none yet: what to begin with"
    )
    platform: Platform | None = None
    limit: int = Field(default=5, ge=1, le=20)


class NextOperation(WireModel):
    """An operation that may come next."""

    operation: str
    probability: float = Field(
        description="That it comes next, if anything does, 0 to 1; those of a list sum to at most 1"
    )
    reason: str
    source: Source = Field(
        description="model: what people did; own: mostly what you did; prior: built in, nothing was learned yet"
    )
    parameters: dict[str, JsonValue] = Field(
        description="What most people run it with; only those that people agree on"
    )

    @classmethod
    def of(cls, recommendation: Recommendation) -> "NextOperation":
        """The wire form."""
        return cls(
            operation=recommendation.operation,
            probability=recommendation.probability,
            reason=recommendation.reason,
            source=recommendation.source,
            parameters=recommendation.parameters,
        )


class NextOperations(WireModel):
    """What may come next, the likeliest first."""

    model: str = Field(description="SHA-256 of the model that answered, or prior")
    items: list[NextOperation]


class WholeWorkflow(WireModel):
    """A workflow to look at."""

    workflow: list[OperationName] = Field(min_length=1, max_length=MAX_WORKFLOW, description="Operations in order")
    input_format: Format | None = Field(default=None, description="Of what comes in; left out: the most usual")
    output_format: Format | None = Field(default=None, description="Of what comes out; left out: the most usual")
    file_size: int | None = Field(default=None, ge=0, le=2**53, description="Bytes; left out: all sizes are looked at")


class Estimate(WireModel):
    """A figure, and the limits between which it lies, 95 % sure."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, interval: Interval) -> "Estimate":
        """The wire form."""
        return cls(value=interval.value, low=interval.low, high=interval.high)


class RanChain(WireModel):
    """A workflow as people ran it."""

    operations: list[str]
    input_format: str | None
    output_format: str | None
    runs: int = Field(description="Sessions")
    failed: Estimate = Field(description="Share of sessions in which something failed")
    typical_milliseconds: float | None = Field(
        description="Geometric mean where nothing failed; null if too few to tell"
    )

    @classmethod
    def of(cls, chain: Chain) -> "RanChain":
        """The wire form."""
        return cls(
            operations=list(chain.operations),
            input_format=chain.input_format,
            output_format=chain.output_format,
            runs=chain.runs,
            failed=Estimate.of(chain.failed),
            typical_milliseconds=chain.times.typical if chain.times else None,
        )


class BetterChain(WireModel):
    """A workflow for the same purpose that went better."""

    chain: RanChain
    safer: bool = Field(description="Less of it failed, for sure")
    faster: bool = Field(description="It took less time, for sure")
    more_failures: Estimate = Field(description="Its share of failures less that of the present one")
    times_as_long: Estimate | None = Field(
        description="Its time divided by that of the present one; null if too few to tell"
    )
    reason: str

    @classmethod
    def of(cls, alternative: Alternative) -> "BetterChain":
        """The wire form."""
        return cls(
            chain=RanChain.of(alternative.chain),
            safer=alternative.safer,
            faster=alternative.faster,
            more_failures=Estimate.of(alternative.more_failures),
            times_as_long=Estimate.of(alternative.slower) if alternative.slower else None,
            reason=alternative.sentence,
        )


class WorkflowRisk(WireModel):
    """A place where a workflow is likelier to fail than its operation is elsewhere."""

    place: int = Field(description="Index of the operation in the workflow, from 0")
    operation: str
    after: str | None = Field(description="The operation before it, if that is what matters")
    file_size: str | None = Field(description="The size of file that it holds for; null: any")
    runs: int
    failed: Estimate
    elsewhere: Estimate = Field(description="The share of failures of all other runs of the operation")
    reason: str


class WorkflowAdvice(WireModel):
    """What is known of a workflow; empty where too few people ran it to tell."""

    model: str
    current: RanChain | None
    risks: list[WorkflowRisk]
    alternatives: list[BetterChain]

    @classmethod
    def of(cls, advice: Advice, model: str) -> "WorkflowAdvice":
        """The wire form."""
        risks = [
            WorkflowRisk(
                place=risk.place,
                operation=risk.outcome.operation,
                after=risk.outcome.before or None,
                file_size=risk.outcome.size or None,
                runs=risk.outcome.runs,
                failed=Estimate.of(risk.failed),
                elsewhere=Estimate.of(risk.elsewhere),
                reason=risk.sentence,
            )
            for risk in advice.risks
        ]
        return cls(
            model=model,
            current=RanChain.of(advice.current) if advice.current else None,
            risks=risks,
            alternatives=[BetterChain.of(each) for each in advice.alternatives],
        )


@api.post("/v1/recommendations/operations", responses={200: NextOperations})
def recommend_operations(body: CurrentWorkflow) -> Response:
    """What may come next in a workflow

    From what people did, and what you did, in workflows like this one; before anything was learned, from what is built in."""
    found = recommend(body.workflow, user_id=principal().uid, platform=body.platform, limit=body.limit)
    return answer(NextOperations(model=model_card().model, items=[NextOperation.of(each) for each in found]))


@api.post("/v1/recommendations/workflow", responses={200: WorkflowAdvice})
def recommend_workflow(body: WholeWorkflow) -> Response:
    """Where a workflow is likely to fail, and what people ran instead that was safer or faster for sure"""
    options: dict[str, Any] = body.model_dump(exclude={"workflow"})
    return answer(WorkflowAdvice.of(advise(body.workflow, **options), model_card().model))


@api.get("/v1/recommendations/model", responses={200: ModelCard})
def read_model_card() -> Response:
    """The model card: what recommendations are learned from, how good the models were on sessions they had not seen, which one
    serves, and how often people did what it recommended"""
    return answer(model_card())
