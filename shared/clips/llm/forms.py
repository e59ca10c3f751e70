"""Forms: what a language model is asked to answer with, and reading it from what it does answer with."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema

from shared.clips.llm.salvage import salvaged, whole

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TAKEN = ("type", "properties", "items", "$ref", "$defs")
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)")
_LINES = re.compile(r"^\D*(\d+)(?:\D+(\d+))?\D*$")
_BETWEEN = {"start": "first", "from": "first", "first_line": "first", "end": "last", "to": "last", "last_line": "last"}
_CALLED = {
    "segments": "lines",
    "ranges": "lines",
    "score": "promise",
    "rating": "promise",
    "number": "clip",
    "id": "clip",
}


def _score(value: Any) -> Any:
    """A number from 0 to 10: "8/10", 8.5 and "8" as they are meant; what is above 10 as a share of 100."""
    if isinstance(value, str) and (found := _NUMBER.search(value)) is not None:
        value = float(found[0])
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a score is a number from 0 to 10")
    value = min(value, 100)
    return min(max(value / 10 if value > 10 else value, 0.0), 10.0)


def _range(value: Any) -> Any:
    """First and last line: an object, a list of two, "3-7", or one line."""
    if isinstance(value, dict):
        return {_BETWEEN.get(str(name), str(name)): line for name, line in value.items()}
    if isinstance(value, str) and (found := _LINES.match(value)) is not None:
        return {"first": int(found[1]), "last": int(found[2] or found[1])}
    if isinstance(value, list) and 1 <= len(value) <= 2:
        return {"first": value[0], "last": value[-1]}
    return {"first": value, "last": value} if isinstance(value, int) else value


def _ranges(value: Any) -> Any:
    """Some ranges, where one may stand for itself."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(line, int) for line in value):
        return [value]
    return value if isinstance(value, list) else [value]


def _renamed(value: Any) -> Any:
    """An item whose fields are called as models like to call them."""
    if not isinstance(value, dict):
        return value
    known = {_CALLED.get(str(name), str(name)): each for name, each in value.items()}
    if _is_time(known.get("start")) and "lines" not in known:
        known["times"] = [{"start": known.pop("start"), "end": known.pop("end", None)}]
        return known
    if "lines" not in known and (
        ends := {_BETWEEN[name] for name in value if name in _BETWEEN} | ({*value} & {"first", "last"})
    ):
        known["lines"] = [{end: known[name] for end in ends for name in value if _BETWEEN.get(name, name) == end}]
    scores = known.pop("scores", None)
    return known | scores if isinstance(scores, dict) else known


def _seconds(value: Any) -> Any:
    """Seconds, also as "1:23.4"."""
    if isinstance(value, str) and (found := _CLOCK.fullmatch(value.strip())) is not None:
        hours, minutes, seconds = found.groups(default="0")
        return float(hours) * 3600 + float(minutes) * 60 + float(seconds)
    return value


def _is_time(value: Any) -> bool:
    """Whether it can only be a time, for lines have whole numbers."""
    return isinstance(value, float) or (isinstance(value, str) and ":" in value)


def _texts(value: Any) -> Any:
    return [value] if isinstance(value, str) else value if value is not None else []


class Form(BaseModel):
    """A part of an answer. Its JSON schema is as strict as APIs want it; reading it is as lenient as can be without guessing."""

    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


Score = Annotated[float, BeforeValidator(_score), Field(ge=0, le=10)]
Text = Annotated[str, Field(max_length=5000)]


class Lines(Form):
    """A stretch of the transcript, both lines included."""

    first: int
    last: int


Range = Annotated[Lines, BeforeValidator(_range)]


class Times(Form):
    """A stretch in seconds, as models give it that would rather name times than lines."""

    start: Annotated[float, BeforeValidator(_seconds)]
    end: Annotated[float, BeforeValidator(_seconds)]


class Proposed(Form):
    """A moment that a model would make a clip of, by lines, as it was asked, or by times. `promise`: how good it thinks it is."""

    lines: Annotated[list[Range], BeforeValidator(_ranges), Field(max_length=20)] = []
    times: SkipJsonSchema[Annotated[list[Times], Field(max_length=20)]] = []
    promise: Score

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if not self.lines and not self.times:
            raise ValueError("name at least one range of lines")
        return self


class Described(Form):
    """What a model tells of a chosen moment, named by its number."""

    clip: int
    title: Text
    hooks: Annotated[list[Text], BeforeValidator(_texts), Field(max_length=20)]
    reason: Text
    hashtags: Annotated[list[Text], BeforeValidator(_texts), Field(max_length=100)]
    hook: Score
    engagement: Score
    value: Score
    shareability: Score


F = TypeVar("F", bound=Form)


class Answer(BaseModel, Generic[F]):
    """`clips`: the items that are as asked for; `problems`: what was wrong with others. `summary`: of the part that was read."""

    summary: str = ""
    clips: list[F] = []
    problems: list[str] = []


def schema_of(item: type[Form], *, with_summary: bool) -> Mapping[str, JsonValue]:
    """The JSON schema of an answer: `{summary?, clips: [item]}`, with nothing else in it."""
    clip = _strict(item.model_json_schema())
    definitions = clip.pop("$defs", {})
    properties: dict[str, JsonValue] = {"clips": {"type": "array", "items": clip}}
    if with_summary:
        properties = {"summary": {"type": "string"}, **properties}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "$defs": definitions,
    }


def read_answer(text: str, item: type[F], *, accept: Callable[[F], str | None]) -> Answer[F]:
    """The answer in a text. `accept`: what is wrong with an item, beyond its form; None if nothing is.

    Raises ValueError if there is no JSON in it."""
    found = salvaged(text)
    given = found if isinstance(found, list) else found.get("clips") if isinstance(found, dict) else None
    if given is None and isinstance(found, dict):
        given = next((value for value in found.values() if isinstance(value, list)), None)
    if isinstance(given, str):  # Models that answer by a tool like to write lists as text.
        given = salvaged(given)
    if not isinstance(given, list):
        raise ValueError('There is no list "clips" in it.')
    summary = found.get("summary") if isinstance(found, dict) else None
    clips, problems = [], []
    for place, each in enumerate(given):
        try:
            read = item.model_validate(_renamed(each))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(f"clips[{place}].{'.'.join(map(str, first['loc']))}: {first['msg']}")
            continue
        wrong = accept(read)
        if wrong is None:
            clips.append(read)
        else:
            problems.append(f"clips[{place}]: {wrong}")
    return Answer(summary=whole(summary) if isinstance(summary, str) else "", clips=clips, problems=problems)


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with only what every API takes, which is neither limits nor titles, and all of its properties required."""
    kept = {
        name: {key: _strict(value) for key, value in each.items()} if name in ("properties", "$defs") else _inner(each)
        for name, each in schema.items()
        if name in _TAKEN
    }
    if kept.get("type") == "object":
        kept |= {"additionalProperties": False, "required": list(kept["properties"])}
    return kept


def _inner(value: Any) -> Any:
    return _strict(value) if isinstance(value, dict) else value
