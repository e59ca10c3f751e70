"""Logistic regression of shares between 0 and 1, drawn towards a point where little is known. Newton's method, in a few steps."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.float64]
    Labels = NDArray[np.int64]

_STEPS = 40
_ENOUGH = 1e-8
_EDGE = 1e-6
"""How near to 0 and 1 a probability may come: what is certain and wrong would cost more than can be counted."""


def fit(design: "Values", shares: "Values", weights: "Values", drawn_to: "Values", draw: "Values") -> "Values":
    """The coefficients (p) whose odds fit `shares` (n, 0 to 1) by `design` (n x p), each row counted `weights` times.

    `draw` (p, above 0): how strongly each coefficient is drawn towards that of `drawn_to`: the penalty is draw/2 times the
    square of the distance, against the log loss of one row of weight 1."""
    import numpy as np

    at: Values = drawn_to.copy()
    loss = _objective(design, shares, weights, drawn_to, draw, at)
    for _ in range(_STEPS):
        likely = sigmoid(design @ at)
        slope = design.T @ (weights * (likely - shares)) + draw * (at - drawn_to)
        bend = design.T @ (design * (weights * likely * (1 - likely))[:, None]) + np.diag(draw)
        step = np.linalg.solve(bend, slope)
        before = loss
        # Far from the end, a whole step can go too far: half of it, until it does not.
        for halving in range(20):
            candidate = at - step / 2**halving
            loss = _objective(design, shares, weights, drawn_to, draw, candidate)
            if loss <= before:
                at = candidate
                break
        else:
            return at
        if before - loss < _ENOUGH:
            break
    return at


def sigmoid(logits: "Values") -> "Values":
    """Probabilities."""
    import numpy as np

    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))), np.float64)


def logit(shares: "Values") -> "Values":
    """The logarithm of the odds of probabilities, of 0 and 1 as of what is next to them."""
    import numpy as np

    inside = np.clip(shares, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)


def losses(likely: "Values", shares: "Values") -> "Values":
    """The log loss of each row: how badly `shares` were foreseen."""
    import numpy as np

    inside = np.clip(likely, _EDGE, 1 - _EDGE)
    return np.asarray(-shares * np.log(inside) - (1 - shares) * np.log1p(-inside), np.float64)


def _objective(
    design: "Values", shares: "Values", weights: "Values", drawn_to: "Values", draw: "Values", at: "Values"
) -> float:
    import numpy as np

    logits = design @ at
    # log(1 + e^z) - y z, in the form that does not overflow.
    each = np.logaddexp(0.0, logits) - shares * logits
    return float(weights @ each + draw @ (at - drawn_to) ** 2 / 2)
