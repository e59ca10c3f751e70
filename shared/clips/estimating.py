"""Estimating: what making clips of a recording will take, before it is asked for. Nothing is measured of the recording but its
length and its words."""

from functools import cache
from math import ceil
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from shared.clips.requesting import ClipOptions
from shared.core.declared import read_declared
from shared.core.documents import StoredModel
from shared.core.settings import engine_settings
from shared.jobs import JobKind
from shared.media.machines import machine_of
from shared.prompts import ClipRequest

_WORDS_A_SECOND = 2.5
"""Of somebody who speaks, where nobody has counted."""
_MOST_CLIPS = 1.5
"""Times the clips asked for that a language model names, so that there is something to choose from."""


class Estimate(StoredModel):
    """`seconds` of the job; `machine_usd`: their price. `input_tokens` and `output_tokens` of a language model, 0 without one;
    `model_usd`: their price, None where the deployment does not say what it pays. `cost_usd`: all that has a price."""

    seconds: float
    machine_usd: float
    input_tokens: int
    output_tokens: int
    model_usd: float | None
    cost_usd: float


def estimate(request: ClipRequest, options: ClipOptions, duration: float, words: int | None) -> Estimate:
    """What clips of a recording of so many seconds take. `words`: of its transcript; None: it has yet to be made."""
    costs = _costs()
    seconds = costs.seconds_of_machine["start"] + duration * costs.seconds_of_machine["analyse"]
    if words is None:
        seconds += duration * costs.seconds_of_machine["transcribe"]
    if options.render:
        shown = min(duration, request.clip_count[1] * request.duration[1])
        again = request.clip_count[1] * sum(min(duration, length) for length in options.variants)
        seconds += (shown + again) * costs.seconds_of_machine["render"]
    machine_usd = machine_of(JobKind.CLIP).cost(seconds)
    read, written = _tokens(request, options, words if words is not None else round(duration * _WORDS_A_SECOND))
    model_usd = _price(read, written)
    return Estimate(
        seconds=round(seconds, 1),
        machine_usd=machine_usd,
        input_tokens=read,
        output_tokens=written,
        model_usd=model_usd,
        cost_usd=machine_usd + (model_usd or 0.0),
    )


def _tokens(request: ClipRequest, options: ClipOptions, words: int) -> tuple[int, int]:
    """What a language model reads and writes."""
    if (options.ranker or engine_settings().clip_ranker) == "embedded":
        return 0, 0
    costs = _costs().tokens
    text = words * costs["per_word"]
    questions = max(1, ceil(text / engine_settings().llm_input_tokens)) + 1
    named = ceil(_MOST_CLIPS * request.clip_count[1])
    again = min(text, request.clip_count[1] * request.duration[1] * _WORDS_A_SECOND * costs["per_word"])
    return round(text + again + questions * costs["per_question"]), round(named * costs["per_clip"])


def _price(read: int, written: int) -> float | None:
    if not read:
        return 0.0
    per_input, per_output = engine_settings().llm_input_usd, engine_settings().llm_output_usd
    if per_input is None or per_output is None:
        return None
    return (read * per_input + written * per_output) / 1e6


class _Costs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds_of_machine: dict[str, float] = Field(min_length=1)
    tokens: dict[str, float] = Field(min_length=1)


@cache
def _costs() -> _Costs:
    return _Costs.model_validate(read_declared(Path(__file__).with_name("costs.yaml")))
