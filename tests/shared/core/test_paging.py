"""Page tokens: they lead on, and nothing else than what was given out is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.core.errors import InvalidInput
from shared.core.paging import cursor_time, cut_page, decode_cursor, encode_cursor


@given(st.lists(st.one_of(st.text(), st.integers(-(2**53), 2**53), st.floats(allow_nan=False)), min_size=1, max_size=4))
def test_a_cursor_comes_back_as_it_went(cursor: list[str | int | float]) -> None:
    assert decode_cursor(encode_cursor(cursor), len(cursor)) == cursor


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        decode_cursor("!" + text, 2)


def test_the_last_page_has_no_token() -> None:
    assert cut_page([1, 2], 2, lambda n: [n]).next_page_token is None
    page = cut_page([1, 2, 3], 2, lambda n: [n])
    assert page.items == [1, 2]
    assert page.next_page_token is not None
    assert decode_cursor(page.next_page_token, 1) == [2]


def test_a_cursor_without_a_time_is_refused() -> None:
    with pytest.raises(InvalidInput):
        cursor_time("yesterday")
