"""Every condition of the rules matters: whichever is taken away, some case notices."""

from collections import defaultdict
from collections.abc import Mapping

from infra.local.rules import LimitExceeded, Request, Ruleset, Verdict
from tests.rules.matrix import Case, cases
from tests.rules.mutants import Mutant, mutants
from tests.rules.validation import Attempt, attempts
from tests.rules.world import RULES, World


class Recorder:
    """Rules that note which pieces of the source had a say."""

    def __init__(self, text: str) -> None:
        self.rules = Ruleset(text, tracing=True)
        self.starts: set[int] = set()

    def decide(self, request: Request) -> list[Verdict]:
        """Decide as the rules do."""
        verdicts = self.rules.decide(request)
        for verdict in verdicts:
            for finding in verdict.findings:
                self.starts.add(finding.allow.span.start)
                self.starts.update(step.node.span.start for step in finding.steps)
        return verdicts


def consulted(check: Case | Attempt, recorder: Recorder) -> frozenset[int]:
    """Where the pieces of the source begin that have a say in a check, which must hold."""
    recorder.starts = set()
    assert check.holds(World({}, recorder)), check
    return frozenset(recorder.starts)


def survives(mutant: Mutant, checks: Mapping[int, list[Case | Attempt]]) -> bool:
    """Whether no check notices the mutant. Only those can that the changed piece has a say in: `checks` are by the places of the
    source that have a say in them."""
    world = World({}, Ruleset(mutant.source))
    concerned = {id(check): check for at in range(mutant.span.start, mutant.span.end) for check in checks.get(at, ())}
    return all(_holds(check, world) for check in concerned.values())


def _holds(check: Case | Attempt, world: World) -> bool:
    try:
        return check.holds(world)
    except LimitExceeded:
        return False


def test_whichever_condition_is_taken_away_some_case_notices() -> None:
    recorder = Recorder(RULES.read_text())
    checks: dict[int, list[Case | Attempt]] = defaultdict(list)
    for check in (*cases(), *attempts()):
        for place in consulted(check, recorder):
            checks[place].append(check)
    found = list(mutants(recorder.rules.source))
    assert len(found) > 150
    assert [str(mutant) for mutant in found if survives(mutant, checks)] == []
