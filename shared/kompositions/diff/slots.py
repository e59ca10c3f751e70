"""Slots: how the place of something on the timeline changed, in the unit that the user thinks in."""

from fractions import Fraction
from functools import lru_cache

from shared.kompositions.diff.change import ChangeKind
from shared.kompositions.diff.telling import Subject, Telling
from shared.kompositions.diff.values import same_time
from shared.kompositions.diff.words import counted, length
from shared.kompositions.model import Time, Unit

_Shift = tuple[Fraction, Unit]


def compare_slot(
    telling: Telling, subject: Subject, pointer: str, before: tuple[Time, Time | None], after: tuple[Time, Time | None]
) -> None:
    """Tell how a range moved, grew or shrank, or is counted in another unit. Beats stay beats when the tempo changes."""
    (start, end), (new_start, new_end) = before, after
    stays, ends = same_time(start, new_start), same_time(end, new_end)
    if stays and ends:
        return
    if end is None or new_end is None:
        _open_ended(telling, subject, pointer, before, after)
        return
    at, until = _shift(telling, start, new_start), _shift(telling, end, new_end)
    if at[1] is not until[1] and at[0] and until[0]:
        at, until = _seconds(telling, start, new_start), _seconds(telling, end, new_end)
    one, many = _phrases(at, until)
    if not one:
        one = many = f": counted in {_units(new_start, new_end)} instead of {_units(start, end)}"
    kind: ChangeKind = "moved" if at[0] else "changed"
    if stays:
        telling.tell(kind, f"{pointer}/end", subject, one, many, before=end, after=new_end)
    else:
        more = () if ends else (f"{pointer}/end",)
        telling.tell(kind, f"{pointer}/start", subject, one, many, before=start, after=new_start, more=more)


def shifted(telling: Telling, before: Time, after: Time, words: tuple[str, str]) -> str:
    """How far a time is from what it was, with a word for more or less: "4 beats later". Nothing if it is the same moment."""
    shift = _shift(telling, before, after)
    return _signed(shift, *words) if shift[0] else ""


@lru_cache(maxsize=1024)
def _phrases(at: _Shift, until: _Shift) -> tuple[str, str]:
    """What is said of one and of several, whose starts and ends moved so far."""
    grown = (_minus(until[0], at[0]), at[1] if at[0] else until[1])
    moved = f" {_signed(at, 'later', 'earlier')}" if at[0] else ""
    size = f" {_signed(grown, 'longer', 'shorter')}" if grown[0] else ""
    if not until[0] and at[0]:
        return f" starts{moved} and is{size}", f" start{moved} and are{size}"
    if moved and size:
        return f" moved{moved} and is{size}", f" moved{moved} and are{size}"
    return (f" moved{moved}",) * 2 if moved else (f" is{size}", f" are{size}") if size else ("", "")


def _signed(shift: _Shift, more: str, less: str) -> str:
    return f"{counted(abs(shift[0]), shift[1])} {more if shift[0] > 0 else less}"


def _shift(telling: Telling, before: Time, after: Time) -> _Shift:
    """In the unit of both; in seconds where the unit changed too. Nothing if that is all that changed."""
    if before.unit is after.unit:
        return _minus(after.value, before.value), before.unit
    if telling.before.seconds(before) == telling.after.seconds(after):
        return Fraction(0), Unit.SECONDS
    return _seconds(telling, before, after)


def _minus(one: Fraction, other: Fraction) -> Fraction:
    """The difference; quickly where both count the same part of a whole."""
    if one.denominator == other.denominator:
        return Fraction(one.numerator - other.numerator, one.denominator)
    return one - other


def _seconds(telling: Telling, before: Time, after: Time) -> _Shift:
    """From where it would be in the later tempo."""
    return telling.after.seconds(after) - telling.after.seconds(before), Unit.SECONDS


def _units(start: Time, end: Time) -> str:
    return start.unit.value if start.unit is end.unit else f"{start.unit.value} and {end.unit.value}"


def _open_ended(
    telling: Telling, subject: Subject, pointer: str, before: tuple[Time, Time | None], after: tuple[Time, Time | None]
) -> None:
    """A range that has, or had, no end of its own."""
    if before[0] != after[0]:
        moved = shifted(telling, before[0], after[0], ("later", "earlier"))
        one, many = (f" starts {moved}", f" start {moved}") if moved else (f": start at {length(after[0])}",) * 2
        telling.tell(
            "moved" if moved else "changed", f"{pointer}/start", subject, one, many, before=before[0], after=after[0]
        )
    if before[1] != after[1]:
        one, many = _until(after[1])
        telling.tell("changed", f"{pointer}/end", subject, one, many, before=before[1], after=after[1])


def _until(end: Time | None) -> tuple[str, str]:
    if end is None:
        return " lasts as long as it can", " last as long as they can"
    return f" ends at {length(end)}", f" end at {length(end)}"
