"""Mixing: how much each expert's word is worth, learned by expectation maximisation."""

from collections import defaultdict
from collections.abc import Sequence

Kind = tuple[int, ...]
"""A kind of context; () stands for all of them."""
Example = tuple[Kind, list[float]]
"""A prediction of a held-out item: its kind of context, and the probability that each expert gave the item."""
Weights = dict[Kind, tuple[float, ...]]
"""By kind of context a weight for each expert, summing to 1."""

_ROUNDS = 25
_LEAST = 0.01
"""Weight below which an expert is not asked."""
_PRIOR = 20.0
"""Examples that the weights of all kinds together are worth in each kind."""


def learn_weights(examples: Sequence[Example], experts: int) -> Weights:
    """The weights under which the items that came were likeliest; equal ones without examples.

    A kind with few examples stays near the weights of all."""
    equal = (1 / experts,) * experts
    everywhere = _maximised([said for _, said in examples], equal, experts)
    by_kind: dict[Kind, list[list[float]]] = defaultdict(list)
    for kind, said in examples:
        by_kind[kind].append(said)
    return {
        (): _pruned(everywhere),
        **{kind: _pruned(_maximised(said, everywhere, _PRIOR)) for kind, said in sorted(by_kind.items())},
    }


def _pruned(weights: tuple[float, ...]) -> tuple[float, ...]:
    kept = [weight if weight >= _LEAST else 0.0 for weight in weights]
    return tuple(weight / sum(kept) for weight in kept)


def _maximised(examples: Sequence[Sequence[float]], prior: tuple[float, ...], worth: float) -> tuple[float, ...]:
    """The weights after some rounds from `prior`, which counts as `worth` examples."""
    weights = prior
    heard = [said for said in examples if any(said)]
    for _ in range(_ROUNDS):
        credit = [worth * weight for weight in prior]
        for said in heard:
            shares = [weight * probability for weight, probability in zip(weights, said, strict=True)]
            total = sum(shares)
            if total > 0:
                for expert, share in enumerate(shares):
                    credit[expert] += share / total
        whole = sum(credit)
        weights = tuple(each / whole for each in credit)
    return weights
