"""No input raises: whatever comes in, what comes out is a komposition or errors with pointers, codes and sentences."""

import json
import random
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.kompositions.importing import Imported, canonical_text, import_all, import_komposition, locate
from tests.shared.kompositions.importing.samples import SAMPLES

NUMBERS = st.one_of(
    st.integers(-5, 500),
    st.integers(-(10**400), 10**400),
    st.floats(allow_nan=True, allow_infinity=True),
)
TEXTS = st.one_of(
    st.text(max_size=8), st.sampled_from(["", "1", "-3.5", "a", "\ud800", "1920x1080", "crossfade", "all", "1e999"])
)
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)


def names(value: Any) -> set[str]:
    """Every key in the samples: what documents of the wild have for keys."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


KEYS = sorted(names([document for _, document in SAMPLES.values()]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=4)), inner, max_size=8),
    ),
    max_leaves=40,
)


def holds(imported: Imported) -> None:
    """What is promised about every result."""
    assert (imported.komposition is None) == bool(imported.errors)
    for finding in imported.findings:
        assert finding.pointer == "" or finding.pointer.startswith("/")
        assert finding.code.replace("_", "").isalnum()
        assert finding.code == finding.code.lower()
        assert finding.detail.strip()
    locate(imported, [finding.pointer for finding in imported.findings])
    if imported.komposition is not None:
        text = canonical_text(imported)
        again = import_komposition(text)
        assert again.komposition == imported.komposition
        assert canonical_text(again) == text


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(value=VALUES, fix=st.booleans())
def test_any_json_data(value: Any, fix: bool) -> None:
    for imported in import_all(value, fix=fix):
        holds(imported)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    for imported in import_all(data):
        holds(imported)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet='{}[]",:0123456789.eE+-ntfu \\\n\ud800é', max_size=60))
def test_any_text_that_looks_like_json(text: str) -> None:
    for imported in import_all(text):
        holds(imported)


def mutate(value: Any, chance: random.Random, keys: list[str]) -> Any:
    """A document with something else somewhere in it."""
    places: list[tuple[Any, Any]] = []

    def visit(part: Any) -> None:
        for key, child in part.items() if isinstance(part, dict) else enumerate(part):
            places.append((part, key))
            if isinstance(child, dict | list):
                visit(child)

    visit(value)
    part, key = chance.choice(places)
    junk = [
        None,
        True,
        -1,
        0,
        3.7,
        10**30,
        1e300,
        float("nan"),
        "",
        "x",
        "12",
        [],
        {},
        [[]],
        {"a": 1},
        ["x", 1],
        {"type": "x"},
    ]
    action = chance.randrange(5)
    if action == 0:
        part[key] = chance.choice(junk)
    elif action == 1 and isinstance(part, dict):
        part[chance.choice(keys)] = part.pop(key)
    elif action == 2:
        del part[key]
    elif action == 3:
        other, which = chance.choice(places)
        part[key] = deepcopy(other[which]) if isinstance(other, dict) and which in other else chance.choice(junk)
    elif isinstance(part, list):
        part.append(deepcopy(part[key]))
    elif isinstance(part, dict):
        part[chance.choice(keys)] = chance.choice(junk)
    return value


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 5), fix=st.booleans())
def test_any_document_with_mistakes_in_it(name: str, seed: int, count: int, fix: bool) -> None:
    chance = random.Random(seed)
    document = deepcopy(SAMPLES[name][1])
    for _ in range(count):
        document = mutate(document, chance, KEYS) if document else document
    holds(import_komposition(document, fix=fix))
    holds(import_komposition(json.dumps(document), fix=fix))


def nested(depth: int, opening: str, closing: str) -> str:
    return '{"segments": [], "effects_tree": ' + opening * depth + "1" + closing * depth + "}"


ODD: dict[str, Any] = {
    "deep lists": nested(500, "[", "]"),
    "very deep lists": nested(100_000, "[", "]"),
    "deep objects": nested(200, '{"children": [', "]}"),
    "a huge number": '{"schemaVersion": "2.0", "bpm": 1' + "0" * 10_000 + "}",
    "a huge exponent": '{"schemaVersion": "2.0", "bpm": 1e99999}',
    "not a number": '{"schemaVersion": "2.0", "bpm": NaN, "x": [Infinity, -Infinity]}',
    "half a character": '{"schemaVersion": "2.0", "title": "\\ud800"}',
    "a key given twice": '{"schemaVersion": "2.0", "title": "a", "title": "b"}',
    "a byte order mark": "\ufeff{}",
    "UTF-16": json.dumps(SAMPLES["stored"][1]).encode("utf-16"),
    "UTF-32": json.dumps(SAMPLES["stored"][1]).encode("utf-32-be"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + json.dumps(SAMPLES["stored"][1]).encode(),
    "nothing": "",
    "white space": " \n ",
    "no object": "[1, 2]",
    "cut off": '{"segments": [{"id": "a", "st',
    "bytes that are no text": b'{"type": "Komposition", "segments": [], "x": "\xff\xfe"}',
    "a set": {"segments": {1, 2}, "bpm": object(), ("a", "b"): 1, None: 2},
    "tuples": {"type": "Komposition", "segments": ({"start": 0},)},
}


@pytest.mark.parametrize("name", ODD)
def test_odd_documents(name: str) -> None:
    for fix in (False, True):
        for imported in import_all(ODD[name], fix=fix):
            holds(imported)


def test_a_circle_of_objects() -> None:
    circle: dict[str, Any] = {"segments": []}
    circle["effects_tree"] = circle
    holds(import_komposition(circle))


def test_text_in_any_encoding_of_json_reads_alike() -> None:
    expected = import_komposition(SAMPLES["stored"][1]).komposition
    for name in ("UTF-16", "UTF-32", "UTF-8 with a mark"):
        assert import_komposition(ODD[name]).komposition == expected


def test_a_mistake_in_the_text_is_told_with_its_line_and_column() -> None:
    (imported,) = import_all('{\n  "segments": [\n    {"id": "a" 1}\n  ]\n}')
    (finding,) = imported.findings
    assert finding.code == "not_json_text"
    assert "line 3, column 16" in finding.detail
