"""Answers of language models, read as strictly as their rules and as leniently as their spelling."""

import json

import pytest

from shared.clips.llm.forms import Described, Form, Proposed, read_answer, schema_of


def _read(clips: object, item: type[Form] = Proposed) -> list[Form]:
    return list(read_answer(json.dumps({"clips": clips}), item, accept=lambda _: None).clips)


@pytest.mark.parametrize(
    "clip",
    [
        {"lines": [{"first": 3, "last": 7}], "promise": 8},
        {"lines": [[3, 7]], "promise": 8},
        {"lines": [3, 7], "promise": "8/10"},
        {"lines": "3-7", "score": 8.0},
        {"lines": [{"start": 3, "end": 7}], "rating": 80},
        {"first_line": 3, "last_line": 7, "promise": 8},
        {"segments": {"from": 3, "to": 7}, "promise": "8"},
    ],
)
def test_a_moment_is_understood_however_its_lines_are_spelt(clip: object) -> None:
    assert _read([clip]) == [Proposed.model_validate({"lines": [{"first": 3, "last": 7}], "promise": 8})]


@pytest.mark.parametrize(
    "clip",
    [
        {"start": 83.4, "end": 101.0, "promise": 8},
        {"start": "1:23.4", "end": "0:01:41", "promise": 8},
        {"times": [{"start": "83.4", "end": 101}], "promise": 8},
    ],
)
def test_times_are_understood_too(clip: object) -> None:
    assert _read([clip]) == [Proposed.model_validate({"times": [{"start": 83.4, "end": 101.0}], "promise": 8})]


@pytest.mark.parametrize(
    "clip",
    [
        {},
        "3-7",
        {"lines": [], "promise": 8},
        {"lines": [[1, 2, 3]], "promise": 8},
        {"lines": [[1, 2]]},
        {"lines": [[1, 2]], "promise": True},
    ],
)
def test_what_would_have_to_be_guessed_is_dropped_and_said(clip: object) -> None:
    answer = read_answer(
        json.dumps({"clips": [clip, {"lines": [[1, 2]], "promise": 5}]}), Proposed, accept=lambda _: None
    )
    assert len(answer.clips) == 1
    assert answer.problems[0].startswith("clips[0]")


def test_scores_outside_of_their_range_are_brought_into_it() -> None:
    told = {"clip": 1, "title": "T", "hooks": "One", "reason": "R", "hashtags": None}
    scores = {"hook": -3, "engagement": 85, "value": "9.5 of 10", "shareability": 1e9}
    (read,) = _read([told | {"scores": scores}], Described)
    assert isinstance(read, Described)
    assert (read.hook, read.engagement, read.value, read.shareability) == (0, 8.5, 9.5, 10)
    assert (read.hooks, read.hashtags) == (["One"], [])


def test_items_that_are_not_accepted_are_problems() -> None:
    answer = read_answer(
        '{"clips": [{"lines": [[1, 2]], "promise": 5}]}', Proposed, accept=lambda _: "there is no line 1"
    )
    assert (answer.clips, answer.problems) == ([], ["clips[0]: there is no line 1"])


@pytest.mark.parametrize(("item", "with_summary"), [(Proposed, True), (Described, False)])
def test_schemas_are_as_strict_as_apis_want_them(item: type[Form], with_summary: bool) -> None:
    def check(schema: object) -> None:
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                assert schema["additionalProperties"] is False
                assert set(schema["required"]) == set(schema["properties"])
            assert (
                not {"ge", "le", "minimum", "maximum", "minItems", "maxItems", "maxLength", "default"} & schema.keys()
            )
            for value in schema.values():
                check(value)
        elif isinstance(schema, list):
            for value in schema:
                check(value)

    check(schema_of(item, with_summary=with_summary))
