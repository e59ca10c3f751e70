"""Edits: how much of a clip is other footage than was chosen."""

from collections.abc import Sequence
from fractions import Fraction

from shared.kompositions import Clock, Komposition

Range = tuple[Fraction, Fraction]


def share_changed(before: Komposition, after: Komposition) -> float:
    """How much footage only one of the two shows, of all that either shows: 0 when they show the same, 1 when nothing is common.

    What is drawn over it, how it is framed and what is heard under it do not count: they do not say that the moment was wrong."""
    shown, wanted = _footage(before), _footage(after)
    common = sum((_common(shown.get(asset, []), wanted.get(asset, [])) for asset in shown | wanted), Fraction(0))
    either = sum((_total(ranges) for ranges in (*shown.values(), *wanted.values())), Fraction(0)) - common
    return float(1 - common / either)


def _footage(komposition: Komposition) -> dict[str, list[Range]]:
    """What is shown of each asset, seconds of it, in order and without overlaps. Speed is not looked at: a slot that is
    stretched shows what its source duration says."""
    clock = Clock.of(komposition)
    assets = {source.id: source.asset_id or source.id for source in komposition.sources}
    ranges: dict[str, list[Range]] = {}
    for track in komposition.tracks.video:
        for segment in track.segments:
            start = clock.seconds(segment.source_start)
            slot = clock.seconds(segment.end) - clock.seconds(segment.start)
            length = clock.seconds(segment.source_duration) if segment.source_duration is not None else slot
            ranges.setdefault(assets[segment.source_id], []).append((start, start + length))
    return {asset: _united(found) for asset, found in ranges.items()}


def _united(ranges: Sequence[Range]) -> list[Range]:
    united: list[Range] = []
    for start, end in sorted(ranges):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _common(some: Sequence[Range], others: Sequence[Range]) -> Fraction:
    overlaps = (min(a[1], b[1]) - max(a[0], b[0]) for a in some for b in others)
    return sum((overlap for overlap in overlaps if overlap > 0), Fraction(0))


def _total(ranges: Sequence[Range]) -> Fraction:
    return sum((end - start for start, end in ranges), Fraction(0))
