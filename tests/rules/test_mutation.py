"""Every condition of the rules matters: whichever is taken away, some case notices."""

from infra.local.rules import LimitExceeded, Ruleset
from tests.rules.matrix import Case, cases
from tests.rules.mutants import Mutant, mutants
from tests.rules.validation import Attempt, attempts
from tests.rules.world import RULES, World


def survives(mutant: Mutant, checks: list[Case | Attempt]) -> bool:
    """Whether no check notices the mutant. One that does moves to the front: it is likely to notice the next, too."""
    world = World({}, Ruleset(mutant.text))
    for position, check in enumerate(checks):
        try:
            noticed = not check.holds(world)
        except LimitExceeded:
            noticed = True
        if noticed:
            checks.insert(0, checks.pop(position))
            return False
    return True


def test_whichever_condition_is_taken_away_some_case_notices() -> None:
    checks: list[Case | Attempt] = [*cases(), *attempts()]
    found = list(mutants(RULES.read_text()))
    assert len(found) > 150
    assert [str(mutant) for mutant in found if survives(mutant, checks)] == []
