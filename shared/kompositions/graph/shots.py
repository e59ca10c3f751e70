"""From slots to shots: which seconds of which file fill which frames, at what speed and in which direction."""

from dataclasses import replace
from fractions import Fraction
from math import ceil

from shared.kompositions.graph.basis import Basis
from shared.kompositions.graph.framing import plan_framing
from shared.kompositions.graph.media import Place
from shared.kompositions.model import Segment
from shared.kompositions.timing import Slot, nearest
from shared.media.graph.reversal import most_reversed
from shared.media.graph.shot import FORGIVEN, Shot
from shared.media.graph.source import SourceMedia

MAX_REPEATS = 60
"""Most repetitions of a loop: each is an input of its own."""
SLOWEST, FASTEST = Fraction(100), Fraction(1, 100)


def plan_shots(segment: Segment, slot: Slot, place: Place, film: Basis) -> list[Shot]:
    """The shots that fill `slot`: one, or one per repetition of a loop. Raises `UnusableMedia` when the file cannot."""
    shots = _plan_shots(segment, slot, place, film)
    if segment.framing is None:
        return shots
    offset = film.offsets[segment.source_id]
    framing = plan_framing(segment.framing, offset, film.clock)
    return [replace(shot, framing=framing) for shot in shots]


def _plan_shots(segment: Segment, slot: Slot, place: Place, film: Basis) -> list[Shot]:
    media = film.media[segment.source_id]
    label = place.pointer
    if media.info.video is None:
        raise place.refuse(
            "sourceId", "no_picture", "The file of its source has no picture. Use it on an audio track instead."
        )
    if media.info.is_still:
        return [Shot(label, media, Fraction(0), Fraction(0), Fraction(1), slot.frames)]
    target = Fraction(slot.frames) / film.rate
    start, window = _window(segment, place, media, film)
    shot = Shot(label, media, start, window, Fraction(1), slot.frames, segment.reverse)
    match segment.effective_fit:
        case "stretch":
            return [replace(shot, stretch=stretch_to(target, window, place))]
        case "loop":
            return _loop(shot, place, film.rate)
        case "trim":
            if window + FORGIVEN < target:
                detail = (
                    f"The slot lasts {float(target):.2f} s, but only {float(window):.2f} s of the source are there. "
                )
                raise place.refuse(
                    "fit", "source_too_short", detail + "Use fit loop, freeze or stretch, or a shorter slot."
                )
            return [replace(shot, window=min(window, target))]
        case _:
            return [shot]


def refuse_long(shot: Shot, place: Place, film: Basis) -> None:
    """Raise `UnusableMedia` for a piece that is too long to be turned round."""
    if not shot.reverse:
        return
    most = most_reversed(film.size, film.rate)
    if shot.piece(film.rate) > most * film.rate:
        detail = (
            f"At this size at most {most} seconds can be played backwards. Use less of the source, or split the slot."
        )
        raise place.refuse("reverse", "reverse_too_long", detail)


def stretch_to(target: Fraction, window: Fraction, place: Place) -> Fraction:
    """Seconds of the film per second of source. Raises `UnusableMedia` beyond a hundredfold."""
    stretch = target / window
    if not FASTEST <= stretch <= SLOWEST:
        detail = f"It would have to be stretched {float(stretch):.3g} times; 0.01 to 100 is possible."
        raise place.refuse("sourceDuration", "stretch_too_far", f"{detail} Use more or less of the source.")
    return stretch


def source_window(
    start: Fraction, wanted: Fraction | None, duration: Fraction, place: Place
) -> tuple[Fraction, Fraction]:
    """Start and length of a piece of a file of `duration` seconds; never past its end. Raises `UnusableMedia`."""
    left = duration - start
    if left <= 0:
        detail = (
            f"The source lasts {float(duration):g} s, so nothing is left from {float(start):g} s on. Start earlier."
        )
        raise place.refuse("sourceStart", "starts_after_end", detail)
    if wanted is not None and wanted > left + FORGIVEN:
        detail = f"Only {float(left):.2f} s of the source are left from {float(start):g} s on. Ask for less."
        raise place.refuse("sourceDuration", "source_too_short", detail)
    return start, left if wanted is None else min(wanted, left)


def _window(segment: Segment, place: Place, media: SourceMedia, film: Basis) -> tuple[Fraction, Fraction]:
    start = film.offsets[segment.source_id] + film.clock.length(segment.source_start)
    wanted = None if segment.source_duration is None else film.clock.length(segment.source_duration)
    return source_window(start, wanted, media.info.exact_duration, place)


def _loop(shot: Shot, place: Place, rate: Fraction) -> list[Shot]:
    """One shot per repetition. Boundaries are rounded to frames from the loop's start, so that no error adds up."""
    repeats = ceil(Fraction(shot.frames) / rate / shot.window)
    if repeats > MAX_REPEATS:
        detail = (
            f"It would repeat {repeats} times; {MAX_REPEATS} is the most. Use more of the source or a shorter slot."
        )
        raise place.refuse("sourceDuration", "loop_too_short", detail)
    ends = [min(shot.frames, nearest(shot.window * rate * (turn + 1))) for turn in range(repeats)]
    lengths = [end - begin for begin, end in zip([0, *ends], [*ends[:-1], shot.frames], strict=False)]
    return [replace(shot, label=f"{shot.label}/{turn}", frames=length) for turn, length in enumerate(lengths) if length]
