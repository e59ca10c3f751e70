"""Page tokens: they lead on, and nothing else than what was given out is taken."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.core.paging import cut_page, decode_cursor, encode_cursor

_FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.text(), st.integers(0, 2**63 - 1), _FINITE, st.datetimes(timezones=st.just(UTC)))
def test_a_cursor_comes_back_as_it_went(text: str, whole: int, number: float, moment: datetime) -> None:
    token = encode_cursor([text, whole, number, moment.isoformat()])
    assert decode_cursor(token, str, int, float, datetime) == [text, whole, number, moment]


def _token(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode()


@pytest.mark.usefixtures("tidied")
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        *(("[-1]", int), ("[9223372036854775808]", int), ("[true]", int), ("[1.5]", int), ('["1"]', int)),
        *(("[NaN]", float), ("[Infinity]", float), ("[1e999]", float), ("[false]", float), ("[null]", float)),
        *(("[7]", str), ('["\\ud800"]', str), ('[["a"]]', str), ('["a", "b"]', str), ("[]", str), ('{"a": 1}', str)),
        *(('["yesterday"]', datetime), ('["0001-01-01T00:00:00+23:00"]', datetime), ("[5]", datetime)),
        ("[" * 100_000, int),
    ],
)
def test_a_forged_cursor_is_refused(content: str, kind: type) -> None:
    with pytest.raises(InvalidInput, match="page token"):
        decode_cursor(_token(content), kind)


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor("!" + text, str, str)


def test_the_last_page_has_no_token() -> None:
    assert cut_page([1, 2], 2, lambda n: [n]).next_page_token is None
    page = cut_page([1, 2, 3], 2, lambda n: [n])
    assert page.items == [1, 2]
    assert page.next_page_token is not None
    assert decode_cursor(page.next_page_token, int) == [2]
