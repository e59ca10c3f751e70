"""Who may do what: every cell of the matrix."""

import pytest

from tests.rules.matrix import ACTORS, cases, documents_of
from tests.rules.world import World

CASES = list(cases())


def test_the_matrix_is_large_enough_and_covers_everyone() -> None:
    assert len(CASES) >= 300
    assert {case.method for case in CASES} == {"get", "list", "create", "update", "delete"}
    assert {case.actor for case in CASES} == set(ACTORS)


@pytest.mark.parametrize("actor", ACTORS)
def test_everyone_may_do_what_the_matrix_says_and_nothing_else(actor: str) -> None:
    world = World(documents_of())
    mine = [case for case in CASES if case.actor == actor]
    wrong = [f"{case}: {'denied' if case.allowed else 'allowed'}" for case in mine if not case.holds(world)]
    assert not wrong
