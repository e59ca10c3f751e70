"""Safe areas: the part of a film that a platform's own controls leave free for captions.

Apps for phones show a film as large as it fits on an upright screen of 9:16 and lay their controls over the screen: a film of
another shape has only those over it that reach it. Players lay theirs over the film itself. The figures are rules of thumb: those
of Reels and stories follow what Meta is said to ask of advertisers, the others what agencies tell. Apps change their controls;
look at a film on the platform before a campaign rests on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.kompositions.model import Platform


@dataclass(frozen=True)
class SafeArea:
    """What is kept free above, below, and at each side, as fractions of the film's height and width.

    Captions are centred, so both sides keep free what the wider one needs."""

    top: float
    bottom: float
    side: float


_SCREEN = 9 / 16
_ON_SCREENS: "dict[Platform, SafeArea]" = {
    "tiktok": SafeArea(0.08, 0.23, 0.14),
    "reels": SafeArea(0.14, 0.35, 0.06),
    "stories": SafeArea(0.14, 0.20, 0.06),
    "shorts": SafeArea(0.15, 0.35, 0.178),
}
_ON_FILMS: "dict[Platform, SafeArea]" = {
    "youtube": SafeArea(0.08, 0.15, 0.08),
    "linkedin": SafeArea(0.08, 0.14, 0.08),
}
_LEAST = SafeArea(0.08, 0.08, 0.08)
_LEAST_TALL = SafeArea(0.14, 0.2, 0.08)
"""Of films that are taller than wide, when no platform is told: what most apps cover of them."""


def safe_area(platform: "Platform | None", width: int, height: int) -> SafeArea:
    """What captions keep free in a film of this size."""
    if platform is None:
        return _LEAST_TALL if height > width else _LEAST
    free = _on_film(_ON_SCREENS[platform], width / height) if platform in _ON_SCREENS else _ON_FILMS[platform]
    return SafeArea(max(free.top, _LEAST.top), max(free.bottom, _LEAST.bottom), max(free.side, _LEAST.side))


def _on_film(screen: SafeArea, aspect: float) -> SafeArea:
    """What of a screen's margins lies over a film of this aspect (width / height) that is fitted into it."""
    high, wide = min(1.0, _SCREEN / aspect), min(1.0, aspect / _SCREEN)
    above, beside = (1 - high) / 2, (1 - wide) / 2
    top, bottom = (max(0.0, margin - above) / high for margin in (screen.top, screen.bottom))
    return SafeArea(top, bottom, max(0.0, screen.side - beside) / wide)
