"""Filling in a template: each value reaches its places, and each that does not fit is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.kompositions import parse_komposition
from shared.templates import Range, Variable, VariableType, fill_template
from shared.templates.filling import template_problems

SCENE = parse_komposition(
    {
        "schemaVersion": "2.0",
        "bpm": 60,
        "sources": [{"id": "a", "kind": "video", "assetId": "first"}],
        "tracks": {
            "video": [
                {
                    "segments": [
                        {
                            "id": "s",
                            "sourceId": "a",
                            "start": {"beats": 0},
                            "end": {"beats": 4},
                            "effects": [{"type": "leica_look"}],
                        }
                    ]
                }
            ],
            "overlay": [
                {"items": [{"kind": "text", "id": "t", "text": "Hello"}, {"kind": "text", "id": "u", "text": "!"}]}
            ],
        },
    }
)
SEGMENT = "/tracks/video/0/segments/0"
TEXT = "/tracks/overlay/0/items/0"


def variable(kind: str, *pointers: str, **more: Any) -> Variable:
    return Variable(name="v", type=VariableType(kind), pointers=list(pointers), **more)


def at(komposition: Any, pointer: str) -> Any:
    value = komposition.model_dump(mode="json", by_alias=True)
    for step in pointer.split("/")[1:]:
        value = value[int(step) if isinstance(value, list) else step]
    return value


@pytest.mark.parametrize(
    ("kind", "pointer", "value"),
    [
        ("text", f"{TEXT}/text", "Welcome, {name} ~/"),
        ("number", f"{SEGMENT}/volume", 0.5),
        ("color", f"{TEXT}/color", "#ff000080"),
        ("time", f"{SEGMENT}/end", {"seconds": 2.5}),
        ("boolean", f"{SEGMENT}/reverse", True),
        ("choice", f"{SEGMENT}/scale", "cover"),
        ("number", "/outputs/0/width", 640),
    ],
)
def test_a_value_reaches_its_place_also_where_the_template_has_the_default(kind: str, pointer: str, value: Any) -> None:
    choices = {"choices": ["cover", "blur"]} if kind == "choice" else {}
    filled = fill_template(SCENE, [variable(kind, pointer, **choices)], {"v": value})
    assert at(filled, pointer) == value


def test_a_value_reaches_all_its_places() -> None:
    places = [f"/tracks/overlay/0/items/{number}/text" for number in (0, 1)]
    filled = fill_template(SCENE, [variable("text", *places)], {"v": "Both"})
    assert [at(filled, place) for place in places] == ["Both", "Both"]


def test_a_source_variable_changes_the_asset() -> None:
    filled = fill_template(SCENE, [variable("source", "/sources/0")], {"v": "second"})
    assert [(source.id, source.asset_id) for source in filled.sources] == [("a", "second")]


def test_defaults_stand_in_and_what_has_none_must_be_given() -> None:
    preset = variable("number", f"{SEGMENT}/volume", default=0.25)
    assert at(fill_template(SCENE, [preset], {}), f"{SEGMENT}/volume") == 0.25
    assert at(fill_template(SCENE, [preset], {"v": 2}), f"{SEGMENT}/volume") == 2
    with pytest.raises(InvalidInput) as refused:
        fill_template(SCENE, [variable("number", f"{SEGMENT}/volume")], {})
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/values/v", "missing")]


@pytest.mark.parametrize(
    ("kind", "pointer", "more", "value", "code"),
    [
        ("text", f"{TEXT}/text", {}, 5, "not_text"),
        ("text", f"{TEXT}/text", {"range": Range(max=3)}, "long", "not_text"),
        ("number", f"{SEGMENT}/volume", {}, "1", "not_number"),
        ("number", f"{SEGMENT}/volume", {}, True, "not_number"),
        ("number", f"{SEGMENT}/volume", {"range": Range(min=0, max=1)}, 1.01, "not_number"),
        ("color", f"{TEXT}/color", {}, "red", "not_color"),
        ("source", "/sources/0", {}, "../secret", "not_source"),
        ("time", f"{SEGMENT}/end", {}, 4, "not_time"),
        ("time", f"{SEGMENT}/end", {"range": Range(max=3)}, {"beats": 4}, "not_time"),
        ("boolean", f"{SEGMENT}/reverse", {}, 1, "not_boolean"),
        ("choice", f"{SEGMENT}/scale", {"choices": ["cover"]}, "blur", "not_choice"),
        ("number", f"{SEGMENT}/volume", {}, 99, "out_of_range"),
        ("time", f"{SEGMENT}/end", {}, {"beats": 0}, "slot_order"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    kind: str, pointer: str, more: dict[str, Any], value: Any, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        fill_template(SCENE, [variable(kind, pointer, **more)], {"v": value})
    assert {error.pointer for error in refused.value.errors} == {"/values/v"}
    if code.startswith("not_"):
        assert [error.code for error in refused.value.errors] == [code]


def test_a_value_of_no_variable_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        fill_template(SCENE, [], {"a/b": 1})
    assert [error.pointer for error in refused.value.errors] == ["/values/a~1b"]


@pytest.mark.parametrize(
    ("variables", "pointer"),
    [
        ([variable("text", f"{TEXT}/nothing")], "/variables/0/pointers/0"),
        ([variable("text", "/tracks/overlay/0/items/2/text")], "/variables/0/pointers/0"),
        ([variable("text", "/tracks/overlay/0/items/-1/text")], "/variables/0/pointers/0"),
        ([variable("source", f"{SEGMENT}/sourceId")], "/variables/0/pointers/0"),
        ([variable("source", "/sources/1")], "/variables/0/pointers/0"),
        ([variable("choice", f"{SEGMENT}/scale")], "/variables/0/choices"),
        ([variable("number", f"{SEGMENT}/volume", default="loud")], "/variables/0/default"),
        ([variable("number", f"{SEGMENT}/volume", default=50)], "/variables"),
        ([variable("text", f"{TEXT}/text"), variable("text", f"{TEXT}/text")], "/variables/1/name"),
    ],
)
def test_a_template_that_could_not_be_filled_is_refused(variables: list[Variable], pointer: str) -> None:
    assert [error.pointer for error in template_problems(SCENE, variables)] == [pointer]


def values(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | numbers | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
        max_leaves=4,
    )


json_values = values(st.floats(allow_nan=False, allow_infinity=False))
places = st.sampled_from([f"{SEGMENT}/volume", f"{SEGMENT}/end", f"{TEXT}/text", "/sources/0", "/title", "/outputs/0"])


@given(kind=st.sampled_from(VariableType), pointer=places, choice=json_values, value=values(st.floats()) | st.none())
def test_no_value_breaks_it(kind: VariableType, pointer: str, choice: Any, value: Any) -> None:
    try:
        filled = fill_template(
            SCENE, [variable(kind.value, pointer, choices=[choice])], {"v": choice if value is None else value}
        )
    except InvalidInput as refused:
        assert all(error.pointer.startswith("/values/v") for error in refused.errors)
    else:
        assert parse_komposition(filled.to_json()) == filled
