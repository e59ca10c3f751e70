"""Mining: the sequential patterns of a set of sequences, counted exactly."""

from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction
from math import ceil

from shared.core.errors import FieldError
from shared.patterns.mining.closing import Closing, Numbered
from shared.patterns.mining.closing import closed as closed_among
from shared.patterns.mining.database import Database
from shared.patterns.mining.errors import MiningError
from shared.patterns.mining.findings import Findings
from shared.patterns.mining.growth import Growth
from shared.patterns.mining.pattern import SequencePattern
from shared.patterns.mining.windows import Windows


def mine_sequences(
    sequences: Iterable[Sequence[Hashable]],
    *,
    min_support: float,
    closed: bool = False,
    min_gap: int = 0,
    max_gap: int | None = None,
    max_length: int | None = None,
    top_k: int | None = None,
) -> list[SequencePattern]:
    """All patterns that at least `min_support` of `sequences` hold: an int counts sequences, a float is a share of all, 0 to 1.

    A sequence holds a pattern that it can be made of by leaving items out: at least `min_gap` and at most `max_gap` between one
    item of the pattern and the next. Without `max_gap`, any number. An item is anything that can be hashed. Empty sequences
    hold nothing and count as sequences.

    `closed`: only patterns that no longer one with the same support contains: with anything in between when there is no
    `max_gap`; one item right after the other when there is, because only then is the one wherever the longer one is.
    `max_length` is what no pattern exceeds, the longer one neither.
    `top_k`: only so many, those with the highest support.

    The highest support first; of equal support the longer pattern; of equal length in the order of the items (if these have none,
    of their first appearance). Memory: about 150 bytes an item, 60 MB, and what the patterns take. Raises MiningError."""
    _check(min_support=min_support, min_gap=min_gap, max_gap=max_gap, max_length=max_length, top_k=top_k)
    database = Database.of(sequences)
    least = max(1, int(min_support) if isinstance(min_support, int) else ceil(_exact(min_support) * database.size))
    longest = database.longest

    def mine(wanted: int | None) -> tuple[list[Numbered], int]:
        findings = Findings(least, wanted)
        # What may not be longer than so much can be closed for that alone.
        closing = Closing(database) if closed and max_gap is None and max_length is None else None
        if max_gap is None or max_gap >= longest:
            Growth(database, findings, min(min_gap, longest), max_length, closing).run()
        else:
            Windows(database, findings, min_gap, max_gap, max_length).run()
        found = findings.patterns(database.items)
        if closing:
            return closing.closed(found), findings.threshold
        return closed_among(found, whole=max_gap is not None) if closed else found, findings.threshold

    wanted = top_k
    found, threshold = mine(wanted)
    while closed and wanted is not None and top_k is not None and len(found) < top_k and threshold > least:
        # Of the most frequent, too few are closed.
        wanted *= 2
        found, threshold = mine(wanted)
    found.sort(key=lambda each: (-each[1].support, -len(each[0]), each[0]))
    return [pattern for _, pattern in found[:top_k]]


def _exact(share: float) -> Fraction:
    """The share as it is written: a tenth is a tenth."""
    return Fraction(repr(float(share)))


def _check(*, min_support: float, min_gap: int, max_gap: int | None, max_length: int | None, top_k: int | None) -> None:
    wrong = []
    if isinstance(min_support, int):
        if min_support < 1:
            wrong.append(FieldError("/min_support", "a number of sequences is at least 1", "too_small"))
    elif not 0 < min_support <= 1:
        wrong.append(FieldError("/min_support", "a share is more than 0 and at most 1.0", "out_of_range"))
    if min_gap < 0:
        wrong.append(FieldError("/min_gap", "at least 0 items are skipped", "too_small"))
    if max_gap is not None and max_gap < min_gap:
        wrong.append(FieldError("/max_gap", f"less than min_gap, which is {min_gap}", "too_small"))
    for name, value in (("max_length", max_length), ("top_k", top_k)):
        if value is not None and value < 1:
            wrong.append(FieldError(f"/{name}", "at least 1", "too_small"))
    if wrong:
        said = "; ".join(f"{error.pointer[1:]}: {error.detail}" for error in wrong)
        raise MiningError(f"Nothing can be searched for so: {said}.", errors=wrong)
