"""The filter language: what it lets through, and where it says that it does not understand."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.pubsub.errors import InvalidArgumentError
from infra.local.pubsub.filters import parse_filter


@pytest.mark.parametrize(
    ("text", "attributes", "matches"),
    [
        ("", {}, True),
        ("attributes:a", {"a": ""}, True),
        ("attributes:a", {"b": "1"}, False),
        ('attributes.a = "1"', {"a": "1"}, True),
        ('attributes.a="1"', {"a": "2"}, False),
        ('attributes.a != "1"', {"a": "2"}, True),
        ('attributes.a != "1"', {}, True),
        ('attributes.a != "1"', {"a": "1"}, False),
        ('hasPrefix(attributes.a, "vid")', {"a": "video/mp4"}, True),
        ('hasPrefix(attributes.a, "vid")', {"a": "audio/wav"}, False),
        ('hasPrefix(attributes.a, "vid")', {}, False),
        ("NOT attributes:a", {}, True),
        ("-attributes:a", {"a": "1"}, False),
        ("attributes:a AND attributes:b", {"a": "1"}, False),
        ("attributes:a AND attributes:b AND attributes:c", {"a": "1", "b": "1", "c": "1"}, True),
        ("attributes:a OR attributes:b", {"b": "1"}, True),
        ("attributes:a AND (attributes:b OR NOT attributes:c)", {"a": "1", "c": "1"}, False),
        ("attributes:a AND (attributes:b OR NOT attributes:c)", {"a": "1"}, True),
        ('attributes:"a key"', {"a key": ""}, True),
        ('attributes."iana.org/language_tag" = "en"', {"iana.org/language_tag": "en"}, True),
        (r'attributes.a = "say \"hi\"\n\u00e9\x41\101"', {"a": 'say "hi"\néAA'}, True),
    ],
)
def test_a_filter_lets_through_what_it_describes(text: str, attributes: dict[str, str], matches: bool) -> None:
    assert parse_filter(text)(attributes) is matches


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("attributes", 11),
        ("attributes:", 12),
        ("attributes.a", 13),
        ("attributes.a = 1", 16),
        ("attributes.a = 'x'", 16),
        ('attributes.a == "x"', 15),
        ("data:a", 1),
        ("attributes:a AND", 17),
        ("(attributes:a", 14),
        ("attributes:a attributes:b", 14),
        ("attributes:a AND attributes:b OR attributes:c", 31),
        ('hasPrefix(attributes.a "x")', 24),
        ('attributes.a = "x', 16),
    ],
)
def test_a_bad_filter_names_the_position(text: str, position: int) -> None:
    with pytest.raises(InvalidArgumentError, match=re.escape(f"position {position}:")):
        parse_filter(text)


def test_a_filter_has_at_most_256_bytes() -> None:
    with pytest.raises(InvalidArgumentError, match="256 bytes"):
        parse_filter(f'attributes.a = "{"x" * 256}"')


PIECES = [
    "attributes",
    "hasPrefix",
    "AND",
    "OR",
    "NOT",
    "-",
    "(",
    ")",
    ":",
    ".",
    ",",
    "=",
    "!=",
    "key",
    '"v"',
    '"',
    "\\",
    " ",
]


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=40)))
def test_whatever_is_written_is_a_filter_or_an_error_of_the_caller(text: str) -> None:
    with contextlib.suppress(InvalidArgumentError):
        assert parse_filter(text)({"key": "v"}) in (True, False)


def test_parentheses_may_be_as_deep_as_a_filter_is_long() -> None:
    depth = (256 - len("attributes:a")) // 2
    assert parse_filter("(" * depth + "attributes:a" + ")" * depth)({"a": ""})
