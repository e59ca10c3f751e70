"""Prompt: a text with typed variables that says which clips somebody wants."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import Field

from shared.core.documents import StoredModel
from shared.core.errors import FieldError
from shared.prompts.request import LONGEST, MOST_CLIPS, SHORTEST
from shared.prompts.variable import MAX_TEXT, Limits, PromptVariable, PromptVariableType, Unfit
from shared.prompts.wording import placeholders

MAX_TEMPLATE = 20_000
MAX_VARIABLES = 50
CATEGORY = r"^[a-z][a-z0-9_]{0,63}$"
CRITERIA = "user_criteria"
COUNT = "clip_count"
DURATION = "duration"
ENGAGEMENT = "engagement_factor"

_Type = PromptVariableType
STANDARD: Mapping[str, PromptVariable] = {
    variable.name: variable
    for variable in (
        PromptVariable(
            name=COUNT,
            type=_Type.SPAN,
            description="How many clips",
            default=[3, 10],
            limits=Limits(min=3, max=10),
            whole=True,
        ),
        PromptVariable(name=CRITERIA, type=_Type.TEXT, description="What to look for"),
        PromptVariable(
            name=DURATION,
            type=_Type.SPAN,
            description="Seconds of a clip",
            default=[15, 60],
            limits=Limits(min=15, max=60),
        ),
        PromptVariable(name=ENGAGEMENT, type=_Type.TEXT, description="What to prefer", default="would stop scrolling"),
    )
}
"""The variables that prompts have without declaring them. A prompt that declares one of them sets its default and limits."""

_FURTHEST = {COUNT: Limits(min=1, max=MOST_CLIPS), DURATION: Limits(min=SHORTEST, max=LONGEST)}


class Prompt(StoredModel):
    """A prompt. `variables`: those that it declares; see `all_variables`."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5000)
    category: str = Field(pattern=CATEGORY)
    prompt_template: str = Field(min_length=1, max_length=MAX_TEMPLATE)
    variables: tuple[PromptVariable, ...] = Field(default=(), max_length=MAX_VARIABLES)
    version: int = Field(default=1, ge=1)

    @property
    def all_variables(self) -> Mapping[str, PromptVariable]:
        """What can be set, by name: what it declares, and the standard ones; user_criteria only where the text takes it, for
        otherwise the whole text is what to look for."""
        standard = {
            name: variable
            for name, variable in STANDARD.items()
            if name != CRITERIA or name in placeholders(self.prompt_template)
        }
        return standard | {variable.name: variable for variable in self.variables}


def prompt_problems(template: str, variables: Sequence[PromptVariable]) -> list[FieldError]:
    """What is wrong with a prompt: placeholders without a variable, variables that nothing uses, defaults that do not fit."""
    used = placeholders(template)
    known = {variable.name for variable in variables} | STANDARD.keys()
    empty = [] if template.strip() else [FieldError("/promptTemplate", "Say what the clips should do.", "empty")]
    found = empty + [
        FieldError("/promptTemplate", f"There is no variable {name}. Declare it, or write {{{{{name}}}}}.", "unknown")
        for name in used
        if name not in known
    ]
    for index, variable in enumerate(variables):
        at = f"/variables/{index}"
        if variable.name in {earlier.name for earlier in variables[:index]}:
            found.append(FieldError(f"{at}/name", "Another variable has this name. Choose another one.", "duplicate"))
        found += _variable_problems(variable, at)
        if variable.name not in used and variable.name not in (COUNT, DURATION, ENGAGEMENT):
            detail = f"The prompt does not use it. Write {{{variable.name}}} where its value goes, or leave it out."
            found.append(FieldError(f"{at}/name", detail, "unused"))
    return found


def _variable_problems(variable: PromptVariable, at: str) -> Iterator[FieldError]:
    standard = STANDARD.get(variable.name)
    if standard is not None and variable.type is not standard.type:
        yield FieldError(f"{at}/type", f"{variable.name} is a {standard.type.value} in every prompt.", "wrong_type")
        return
    if standard is not None and variable.whole != standard.whole:
        yield FieldError(f"{at}/whole", f"{variable.name} has whole: {str(standard.whole).lower()}.", "wrong_type")
    furthest = _FURTHEST.get(variable.name)
    limits = variable.limits
    if furthest is not None and (limits is None or limits.min < furthest.min or limits.max > furthest.max):
        yield FieldError(f"{at}/limits", f"Give limits within {furthest.min:g} and {furthest.max:g}.", "out_of_range")
    for index, choice in enumerate(variable.choices):
        if not choice.strip() or len(choice) > MAX_TEXT:
            yield FieldError(f"{at}/choices/{index}", f"Give a text of 1 to {MAX_TEXT} characters.", "not_text")
    if variable.type is PromptVariableType.CHOICE and not variable.choices:
        yield FieldError(f"{at}/choices", "Give at least one choice.", "no_choices")
    elif variable.default is not None:
        try:
            variable.read(variable.default)
        except Unfit as error:
            yield FieldError(f"{at}/default", str(error), f"not_{variable.type.value}")
