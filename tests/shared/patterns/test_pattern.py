"""Which patterns say something of their own, and which of those deserve a template."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.patterns import SequencePattern
from shared.patterns.pattern import closed
from shared.patterns.proposing import proposed

AT = datetime(2026, 5, 4, tzinfo=UTC)


def pattern(text: str, frequency: int = 5, **fields: object) -> SequencePattern:
    return SequencePattern.model_validate(
        {
            "operations": tuple(text.split("->")),
            "frequency": frequency,
            "occurrences": frequency,
            "user_count": 3,
            "success_rate": 1,
            "avg_duration": 1,
            **fields,
        }
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


def test_a_pattern_is_new_only_where_the_past_is_known() -> None:
    row = {
        "pattern": "a->b",
        "frequency": 5,
        "occurrences": 5,
        "user_count": 3,
        "success_rate": 1.0,
        "avg_duration": 1.0,
        "first_seen": AT - timedelta(days=3),
        "last_seen": AT,
        "weeks": [{"week": 0, "sessions": 4}, {"week": 2, "sessions": 1}],
        "stated": None,
    }
    old, young = AT - timedelta(days=80), AT - timedelta(days=4)
    assert SequencePattern.of_row(row, end=AT, began=old).is_new
    assert not SequencePattern.of_row(row, end=AT, began=young).is_new
    assert SequencePattern.of_row(row, end=AT, began=AT - timedelta(weeks=3)).weeks == (1, 0, 4)


def test_templates_are_proposed_of_what_is_done_for_its_own_sake() -> None:
    found = [
        pattern("trim->resize->to_mp3", 80),
        pattern("trim->resize", 100),  # Mostly a part of the one above.
        pattern("resize->to_mp3", 200),  # Mostly done without a trim.
        pattern("convert->convert", 300),  # A batch.
        pattern("a->b", 1),  # No candidate.
        pattern("b->a", 6),  # Too rare among so many sessions.
    ]
    assert [each.pattern for each in proposed(found, 10_000)] == ["resize->to_mp3", "trim->resize->to_mp3"]


def test_a_template_of_three_operations_spares_an_agent_two_calls() -> None:
    three, five = pattern("a->b->c").saving, pattern("a->b->c->d->e").saving
    assert (three.calls, five.calls) == (2, 4)
    # Two calls of 180 tokens, two answers of 260, and the parameters of three operations at 40 each.
    assert three.tokens == 2 * (180 + 260) + 3 * 40
