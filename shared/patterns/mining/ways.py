"""Ways: in how many ways a pattern occurs. Sums of whole numbers that stay exact however large they become.

They are floats while no sum reaches 2**53, and Python's integers in arrays of objects from then on."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Ways = NDArray[Any]

EXACT = 2.0**53
"""Up to here every whole number is a float."""


def running(ways: "Ways") -> "Ways":
    """The sums of all before each, and of all: one longer than `ways`."""
    import numpy as np

    sums = np.zeros(len(ways) + 1, ways.dtype)
    np.cumsum(ways, out=sums[1:])
    if ways.dtype != object and sums[-1] >= EXACT:
        return running(exact(ways))
    return sums


def summed(keys: "Numbers", ways: "Ways", count: int) -> "Ways":
    """The sum of `ways` for each key from 0 to `count`."""
    import numpy as np

    if ways.dtype != object:
        sums = np.bincount(keys, weights=ways, minlength=count)
        if sums.max(initial=0) < EXACT:
            return sums
    totals = np.zeros(count, object)
    np.add.at(totals, keys, exact(ways))
    return totals


def grouped(ways: "Ways", begins: "Numbers") -> "Ways":
    """The sums of the groups that begin at these places."""
    import numpy as np

    if not len(begins):
        return ways[:0]
    sums = np.add.reduceat(ways, begins)
    if ways.dtype != object and sums.max(initial=0) >= EXACT:
        return np.add.reduceat(exact(ways), begins)
    return sums


def exact(ways: "Ways") -> "Ways":
    """The same as Python's integers."""
    import numpy as np

    return np.array([int(way) for way in ways], object)
