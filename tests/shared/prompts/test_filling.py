"""Filling in: what a prompt asks for, and what is said of values that do not fit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.core.errors import InvalidInput, NotFound
from shared.prompts import ClipRequest, Limits, Prompt, PromptVariable, PromptVariableType, as_request, fill, preset
from shared.prompts import presets as all_presets
from shared.prompts.prompt import prompt_problems

TEXT, NUMBER, SPAN, CHOICE = PromptVariableType


def prompt(template: str, *variables: PromptVariable, **fields: Any) -> Prompt:
    """A prompt of somebody's own."""
    return Prompt(name="Mine", category="custom", prompt_template=template, variables=variables, **fields)


def pointers(prompt: Prompt, values: dict[str, Any]) -> dict[str, str]:
    """Where and of which kind the problems of the values are."""
    with pytest.raises(InvalidInput) as refused:
        fill(prompt, values)
    return {error.pointer: error.code for error in refused.value.errors}


def test_the_presets_are_those_of_the_seed_with_their_words() -> None:
    assert list(all_presets()) == [
        "viral",
        "educational",
        "funny",
        "highlights",
        "alex_hormozi",
        "storytelling",
        "case_study",
    ]
    request = fill(preset("alex_hormozi"), {})
    assert request.criteria == "Find powerful business insights with high energy delivery"
    assert (request.name, request.category, request.version) == ("alex_hormozi", "business", 1)
    assert (request.clip_count, request.duration) == ((3, 10), (15, 60))


@pytest.mark.parametrize("name", all_presets())
def test_every_preset_is_sound_and_can_be_filled_without_a_value(name: str) -> None:
    found = preset(name)
    assert prompt_problems(found.prompt_template, found.variables) == []
    assert fill(found, {}).criteria in fill(found, {}).text


def test_values_take_their_places_in_the_text() -> None:
    filled = fill(preset("viral"), {"clip_count": 5, "duration": "20-40", "engagement_factor": "make one think"})
    assert "find 5 clips." in filled.text
    assert "20-40 seconds" in filled.text
    assert "Prioritize segments that make one think." in filled.text
    assert (filled.clip_count, filled.duration, filled.engagement_factor) == ((5, 5), (20, 40), "make one think")


@pytest.mark.parametrize("given_as", ["3-10", "3 – 10", "3 to 10", [3, 10], (3, 10), [3.0, 10.0]])
def test_a_span_can_be_written_in_many_ways(given_as: Any) -> None:
    given_as = list(given_as) if isinstance(given_as, tuple) else given_as
    assert fill(preset("funny"), {"clip_count": given_as}).clip_count == (3, 10)


def test_every_value_that_does_not_fit_is_named() -> None:
    values = {"clip_count": 2, "duration": [60, 15], "user_criteria": " ", "engagement_factor": 7, "tempo/~": 1}
    assert pointers(preset("viral"), values) == {
        "/variables/clip_count": "not_span",
        "/variables/duration": "not_span",
        "/variables/user_criteria": "not_text",
        "/variables/engagement_factor": "not_text",
        "/variables/tempo~1~0": "unknown_variable",
    }


@pytest.mark.parametrize(
    "value",
    [True, "many", [3], [3, "5"], {"min": 3}, 3.5, float("nan"), float("inf"), "3-10-12", 10**400, [3, 10**400]],
)
def test_what_is_no_span_of_whole_numbers_is_refused(value: Any) -> None:
    assert pointers(preset("viral"), {"clip_count": value}) == {"/variables/clip_count": "not_span"}


def test_a_prompt_has_variables_of_its_own() -> None:
    mine = prompt(
        "Find every answer of {guest} that is {mood}, at least {share} % of it hers. {{not a place}}",
        PromptVariable(name="guest", type=TEXT, limits=Limits(min=2, max=20)),
        PromptVariable(name="mood", type=CHOICE, choices=("calm", "angry"), default="calm"),
        PromptVariable(name="share", type=NUMBER, default=80, limits=Limits(min=0, max=100)),
        PromptVariable(name="duration", type=SPAN, default=[90, 180], limits=Limits(min=60, max=300)),
    )
    filled = fill(mine, {"guest": "Ada {mood}"})
    assert filled.text == "Find every answer of Ada {mood} that is calm, at least 80 % of it hers. {not a place}"
    assert filled.criteria == filled.text
    assert filled.duration == (90, 180)
    assert pointers(mine, {"mood": "sad", "share": 101}) == {
        "/variables/guest": "not_text",
        "/variables/mood": "not_choice",
        "/variables/share": "not_number",
    }


def test_what_a_prompt_cannot_be_is_found_when_it_is_written() -> None:
    variables = [
        PromptVariable(name="idle", type=TEXT),
        PromptVariable(name="mood", type=CHOICE),
        PromptVariable(name="size", type=NUMBER, default="large"),
        PromptVariable(name="size", type=NUMBER),
        PromptVariable(name="clip_count", type=NUMBER),
        PromptVariable(name="duration", type=SPAN, limits=Limits(min=1, max=60)),
        PromptVariable(name="tone", type=CHOICE, choices=("calm", " ", "loud" * 1000)),
        PromptVariable(name="age", type=NUMBER, default=10**400),
    ]
    problems = prompt_problems("{mood} {size} {tone} {age} {nobody}", variables)
    assert {(each.pointer, each.code) for each in problems} == {
        ("/promptTemplate", "unknown"),
        ("/variables/0/name", "unused"),
        ("/variables/1/choices", "no_choices"),
        ("/variables/2/default", "not_number"),
        ("/variables/3/name", "duplicate"),
        ("/variables/4/type", "wrong_type"),
        ("/variables/5/limits", "out_of_range"),
        ("/variables/6/choices/1", "not_text"),
        ("/variables/6/choices/2", "not_text"),
        ("/variables/7/default", "not_number"),
    }


def test_a_prompt_says_something() -> None:
    assert [(each.pointer, each.code) for each in prompt_problems(" \n ", [])] == [("/promptTemplate", "empty")]


def test_a_request_comes_from_whatever_somebody_gives() -> None:
    assert as_request(None) == as_request("viral") == fill(preset("viral"), {})
    assert as_request(" explain a mistake ").criteria == "explain a mistake"
    assert "3-10 clips that explain a mistake." in as_request("explain a mistake").text
    ready = as_request("funny")
    assert as_request(ready) is ready


def test_a_preset_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotFound, match="viral, educational"):
        preset("sad")


def test_a_request_has_its_ends_in_order_and_within_what_can_be_selected() -> None:
    fields: dict[str, Any] = {"text": "t", "criteria": "c", "engagement_factor": "e", "category": "custom", "name": "n"}
    assert ClipRequest(**fields, clip_count=4, duration=(15, 60)).clip_count == (4, 4)
    for clip_count, duration in ((0, 15), (21, 15), ((5, 4), 15), (4, 1), (4, (60, 15))):
        with pytest.raises(ValidationError):
            ClipRequest(**fields, clip_count=clip_count, duration=duration)


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(str.strip))
def test_whatever_is_typed_in_arrives_as_it_is(words: str) -> None:
    assert fill(preset("viral"), {"user_criteria": words}).criteria == words.strip()
