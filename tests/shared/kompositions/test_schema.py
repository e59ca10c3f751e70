"""The published JSON Schema agrees with what is taken."""

import pytest
from jsonschema_rs import Draft202012Validator

from shared.kompositions import komposition_schema, parse_komposition
from tests.shared.kompositions.documents import document, segment

SCHEMA = komposition_schema("2.0")
VALIDATOR = Draft202012Validator(SCHEMA)


def test_it_has_an_address() -> None:
    assert SCHEMA["$id"] == "/schemas/komposition/2.0.json"


def test_its_examples_are_kompositions() -> None:
    for example in SCHEMA["examples"]:
        VALIDATOR.validate(example)
        parse_komposition(example)


def test_it_refuses_what_has_no_unit() -> None:
    body = document({**segment("one", "video", 0, 4), "start": 0})
    assert not VALIDATOR.is_valid(body)


def test_other_versions_there_are_not() -> None:
    with pytest.raises(KeyError):
        komposition_schema("1.0")
