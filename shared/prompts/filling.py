"""Filling in: values for a prompt's variables, and the request for clips that comes of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.core.errors import FieldError, InvalidInput
from shared.prompts.prompt import COUNT, CRITERIA, DURATION, ENGAGEMENT, Prompt
from shared.prompts.request import ClipRequest
from shared.prompts.variable import PromptVariable, Unfit, Value
from shared.prompts.wording import placeholders, worded

_AT = "/variables"


def fill(prompt: Prompt, variables: Mapping[str, Any]) -> ClipRequest:
    """What the prompt asks for with these values; variables that are left out have their defaults.

    Raises InvalidInput with an error at /variables/{name} for each that is missing, unknown or does not fit."""
    known = prompt.all_variables
    problems = list(_unknown(known, variables))
    values: dict[str, Value] = {}
    for name, variable in known.items():
        try:
            values[name] = _read(variable, variables.get(name))
        except Unfit as error:
            problems.append(FieldError(f"{_AT}/{name}", str(error), f"not_{variable.type.value}"))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise InvalidInput(f"The values have {count}. {problems[0].detail}", errors=problems)
    text = worded(prompt.prompt_template, {name: known[name].spoken(value) for name, value in values.items()})
    fields: dict[str, Any] = {
        "text": text,
        "criteria": values[CRITERIA] if CRITERIA in placeholders(prompt.prompt_template) else text,
        "engagement_factor": values[ENGAGEMENT],
        "clip_count": values[COUNT],
        "duration": values[DURATION],
    }
    return ClipRequest(**fields, category=prompt.category, name=prompt.name, version=prompt.version)


def _read(variable: PromptVariable, given: Any) -> Value:
    value = variable.default if given is None else given
    if value is None:
        raise Unfit("This variable has no default. Give a value.")
    return variable.read(value)


def _unknown(known: Mapping[str, PromptVariable], given: Iterable[str]) -> Iterable[FieldError]:
    for name in given:
        if name not in known:
            detail = f"There is no variable of this name. There are: {', '.join(sorted(known))}."
            yield FieldError(f"{_AT}/{name.replace('~', '~0').replace('/', '~1')}", detail, "unknown_variable")
