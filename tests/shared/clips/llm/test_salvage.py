"""JSON out of what models write."""

import json
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.clips.llm.salvage import salvaged

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
_OBJECTS = st.dictionaries(st.text(max_size=5), _JSON, min_size=1, max_size=4)


@given(_OBJECTS)
@settings(max_examples=25)
def test_json_is_read_as_it_is(value: dict[str, object]) -> None:
    assert salvaged(json.dumps(value)) == value


@given(
    _OBJECTS, st.sampled_from(["```json\n{}\n```", "Sure! Here it is: {} Hope that helps!", "<think>hm</think>\n{}"])
)
@settings(max_examples=25)
def test_what_is_written_around_it_does_not_matter(value: dict[str, object], around: str) -> None:
    assert salvaged(around.replace("{}", json.dumps(value))) == value


@given(st.text(max_size=200))
def test_of_any_text_there_comes_json_or_a_clear_error(text: str) -> None:
    try:
        json.dumps(salvaged(text))
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"clips": [{"clip": 1,}, {"clip": 2},],}', {"clips": [{"clip": 1}, {"clip": 2}]}),
        ('{"ok": True, "no": False, "none": None, "bad": NaN}', {"ok": True, "no": False, "none": None, "bad": None}),
        ('{"title": "two\nlines, True"}', {"title": "two\nlines, True"}),
        ('{"clips": [{"clip": 1}, {"clip": 2}, {"cli', {"clips": [{"clip": 1}, {"clip": 2}]}),
        ('[{"clip": 1}]', [{"clip": 1}]),
        ('I {really} think: {"clips": []}', {"clips": []}),
    ],
)
def test_usual_mistakes_are_mended(text: str, value: object) -> None:
    assert salvaged(text) == value


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize("text", ["{" * 20_000 + "}" * 20_000, '{"' + '\\"' * 20_000, '{"clips":' + "[" * 20_000])
def test_what_a_model_repeats_without_end_is_no_json_and_costs_little_to_read(text: str) -> None:
    began = process_time()
    with pytest.raises(ValueError, match="no JSON"):
        salvaged(text)
    assert process_time() - began < 5


def test_an_answer_without_json_is_none() -> None:
    with pytest.raises(ValueError, match="no JSON"):
        salvaged("I am sorry, but I cannot do that.")
