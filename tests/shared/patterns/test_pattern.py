"""Which patterns say something of their own, and what templates are called."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.patterns import SequencePattern, Template
from shared.patterns.pattern import closed
from shared.patterns.template import name_of

AT = datetime(2026, 5, 4, tzinfo=UTC)


def pattern(text: str, frequency: int = 5) -> SequencePattern:
    return SequencePattern(
        operations=tuple(text.split("->")),
        frequency=frequency,
        occurrences=frequency,
        user_count=3,
        success_rate=1,
        avg_duration=1,
    )


def test_a_part_that_is_never_run_alone_is_left_out() -> None:
    kept = closed([pattern("a->b", 5), pattern("b->c", 7), pattern("a->b->c", 5)])
    assert [found.pattern for found in kept] == ["b->c", "a->b->c"]


def test_a_part_is_left_out_even_if_what_lies_between_did_not_qualify() -> None:
    assert [found.pattern for found in closed([pattern("a->b"), pattern("a->b->c->d")])] == ["a->b->c->d"]


@given(st.lists(st.tuples(st.lists(st.sampled_from("abc"), min_size=2, max_size=5), st.integers(5, 7)), max_size=20))
def test_what_is_kept_explains_what_is_left_out(given_patterns: list[tuple[list[str], int]]) -> None:
    patterns = [pattern("->".join(operations), frequency) for operations, frequency in given_patterns]
    kept = closed(patterns)
    for left_out in (found for found in patterns if found not in kept):
        assert any(
            left_out.pattern in longer.pattern and left_out.frequency == longer.frequency and longer != left_out
            for longer in kept
        )


def test_templates_have_names_for_people_and_ids_for_ever() -> None:
    known, other = Template.of(pattern("trim->resize->to_mp3"), AT), Template.of(pattern("trim->reverse"), AT)
    assert (known.name, other.name) == ("Create Social Media Clip", "Trim and reverse")
    assert known.id == Template.of(pattern("trim->resize->to_mp3", 99), AT).id != other.id
    assert name_of(("trim", "resize", "to_mp3")) == "Trim, resize and to mp3"
