"""Advice: what a whole workflow should look out for, and what people ran instead that went better."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.patterns.recommending.chains import LEAST_RUNS, Alternative, Chain, alternatives
from shared.patterns.recommending.risks import Risk, risks
from shared.patterns.recommending.serving import serving


@dataclass(frozen=True)
class Advice:
    """What is known of a workflow: the chain as people ran it, if they did often enough to tell, its risks, and what people ran
    instead that was safer or faster for sure. All of at least five people; nothing where evidence is thin."""

    current: Chain | None = None
    risks: list[Risk] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)


def advise(
    workflow: Sequence[str],
    *,
    input_format: str | None = None,
    output_format: str | None = None,
    file_size: int | None = None,
) -> Advice:
    """What is known of a workflow (operations in order) on a file of one format, of `file_size` bytes, to make one of another.

    Without formats, the chain is the one that was run most with just these operations."""
    recommender = serving().current()
    if recommender is None:
        return Advice()
    current = _current(recommender.chains, tuple(workflow), input_format, output_format)
    return Advice(
        current,
        risks(recommender.outcomes, workflow, file_size),
        alternatives(recommender.chains, current) if current else [],
    )


def _current(
    chains: Sequence[Chain], operations: tuple[str, ...], input_format: str | None, output_format: str | None
) -> Chain | None:
    matching = [
        chain
        for chain in chains
        if chain.operations == operations
        and chain.runs >= LEAST_RUNS
        and input_format in (None, chain.input_format)
        and output_format in (None, chain.output_format)
    ]
    return max(matching, key=lambda chain: chain.runs, default=None)
