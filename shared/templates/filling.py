"""Filling in: the values of a template's variables go to their places, and what comes of it must be a valid komposition."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from shared.core.errors import FieldError, InvalidInput
from shared.kompositions import Clock, InvalidKomposition, Komposition, parse_komposition
from shared.templates.variable import Variable, VariableType

_SOURCES = "/sources/"


def fill_template(
    komposition: Komposition, variables: Sequence[Variable], values: Mapping[str, JsonValue]
) -> Komposition:
    """The komposition with every variable set: to its value, or to its default.

    Raises InvalidInput with an error at /values/{name} for each value that is missing, unknown, of the wrong kind, or that makes
    a komposition that cannot be rendered."""
    given = {variable.name: values.get(variable.name, variable.default) for variable in variables}
    clock = Clock.of(komposition)
    problems = [*_unknown(variables, values), *_unfit(variables, given, clock)]
    if problems:
        raise _refused(problems)
    document = komposition.model_dump(mode="json", by_alias=True)
    for variable in variables:
        for pointer in variable.pointers:
            _put(document, variable, pointer, given[variable.name])
    try:
        return parse_komposition(document)
    except InvalidKomposition as error:
        raise _refused([_at_variable(found, variables) for found in error.errors]) from error


def template_problems(komposition: Komposition, variables: Sequence[Variable]) -> list[FieldError]:
    """What is wrong with a template's variables: names twice, pointers that lead nowhere, defaults that do not fit."""
    document = komposition.model_dump(mode="json", by_alias=True)
    clock = Clock.of(komposition)
    found: list[FieldError] = []
    seen: set[str] = set()
    for index, variable in enumerate(variables):
        at = f"/variables/{index}"
        if variable.name in seen:
            found.append(
                FieldError(f"{at}/name", "Another variable has this name. Choose another one.", "duplicate_name")
            )
        seen.add(variable.name)
        if variable.type is VariableType.CHOICE and not variable.choices:
            found.append(FieldError(f"{at}/choices", "Give at least one choice.", "no_choices"))
        elif variable.default is not None and (problem := variable.problem(variable.default, clock)):
            found.append(FieldError(f"{at}/default", problem.detail, problem.code))
        found += _lost(document, variable, at)
    return found or _default_problems(komposition, variables)


def _default_problems(komposition: Komposition, variables: Sequence[Variable]) -> list[FieldError]:
    """What the defaults would break; variables without one are left as the komposition has them."""
    preset = [variable for variable in variables if variable.default is not None]
    try:
        fill_template(komposition, preset, {})
    except InvalidInput as error:
        return [FieldError("/variables", found.detail, found.code) for found in error.errors]
    return []


def _unknown(variables: Sequence[Variable], values: Mapping[str, JsonValue]) -> Iterator[FieldError]:
    names = {variable.name for variable in variables}
    for name in values:
        if name not in names:
            detail = f"There is no variable of this name. There are: {', '.join(sorted(names)) or 'none'}."
            yield FieldError(f"/values/{_escaped(name)}", detail, "unknown_variable")


def _unfit(variables: Sequence[Variable], given: Mapping[str, JsonValue], clock: Clock) -> Iterator[FieldError]:
    for variable in variables:
        value = given[variable.name]
        if value is None:
            yield FieldError(f"/values/{variable.name}", "This variable has no default. Give a value.", "missing")
        elif problem := variable.problem(value, clock):
            yield FieldError(f"/values{problem.pointer}", problem.detail, problem.code)


def _lost(document: Any, variable: Variable, at: str) -> Iterator[FieldError]:
    """Pointers that lead nowhere, or, of a source, elsewhere than to a source."""
    for number, pointer in enumerate(variable.pointers):
        where = f"{at}/pointers/{number}"
        steps = _steps(pointer)
        if variable.type is VariableType.SOURCE and not (pointer.startswith(_SOURCES) and len(steps) == 2):
            detail = "Point a source variable at an entry of /sources, such as /sources/0."
            yield FieldError(where, detail, "not_a_source")
        elif not _leads_somewhere(document, steps):
            detail = "The komposition has nothing at this place. Correct the pointer."
            yield FieldError(where, detail, "unknown_pointer")


def _leads_somewhere(document: Any, steps: Sequence[str]) -> bool:
    value = document
    for step in steps:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return False
    return True


def _put(document: Any, variable: Variable, pointer: str, value: JsonValue) -> None:
    *way, last = [*_steps(pointer), "assetId"] if variable.type is VariableType.SOURCE else _steps(pointer)
    target = document
    for step in way:
        target = target[int(step)] if isinstance(target, list) else target[step]
    target[int(last) if isinstance(target, list) else last] = value


def _at_variable(found: FieldError, variables: Sequence[Variable]) -> FieldError:
    """A problem of the komposition, told of the variable that has brought it about, if one has."""
    for variable in variables:
        if any(f"{found.pointer}/".startswith(f"{pointer}/") for pointer in variable.pointers):
            return FieldError(f"/values/{variable.name}", found.detail, found.code)
    return FieldError(f"/komposition{found.pointer}", found.detail, found.code)


def _refused(problems: Sequence[FieldError]) -> InvalidInput:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    return InvalidInput(f"The values have {count}. {problems[0].detail}", errors=problems)


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
