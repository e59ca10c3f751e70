"""People: how active each is, from where, on what plan, with which formats, and what they like to do."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from demo.history.catalogue import Workflow, catalogue

_FLATTENING = 10
"""Zipf-Mandelbrot: the most active person is not more active than one can be."""
_EXPONENT = 0.9
_PLATFORMS = (("mcp", 45), ("webapp", 30), ("komposteur", 15), ("api", 10))
_VIDEO = (("mp4", 58), ("mov", 22), ("mkv", 12), ("webm", 8))
_AUDIO = (("wav", 45), ("mp3", 25), ("m4a", 20), ("flac", 10))
_ZONES = (-8, -5, -3, 0, 0, 1, 1, 1, 2, 5, 8, 9)


@dataclass
class Person:
    """A user. `joined` and `left` are parts of the whole time, `zone` is hours from UTC.

    `names_sessions`: the client sends session ids. `tastes`: how well each of `works` is liked with all before it."""

    user_id: str
    platform: str
    plan: str
    zone: int
    video: str
    audio: str
    output: str
    size: float
    names_sessions: bool
    joined: float
    left: float
    works: tuple[Workflow, ...]
    tastes: tuple[float, ...]
    signed_up: bool = False
    cancelled: bool = False

    def is_here(self, part: float) -> bool:
        """Whether the person is a user at this part of the whole time."""
        return self.joined <= part < self.left


def make_people(count: int, dice: Random) -> tuple[tuple[Person, ...], tuple[float, ...]]:
    """The people, the most active first, and how active each and all before are, summed up."""
    people = tuple(_person(number, dice) for number in range(count))
    return people, tuple(accumulate((rank + 1 + _FLATTENING) ** -_EXPONENT for rank in range(count)))


def _person(number: int, dice: Random) -> Person:
    works = catalogue().workflows
    favourites = set(dice.sample(range(len(works)), 3))
    likes = [work.share * dice.gammavariate(1.2, 1) * (4 if n in favourites else 1) for n, work in enumerate(works)]
    platform = _chosen(_PLATFORMS, dice)
    joined = 0.0 if dice.random() < 0.6 else dice.random() * 0.9
    return Person(
        user_id=f"person-{number:05d}",
        platform=platform,
        plan="premium" if dice.random() < 0.2 else "free",
        zone=dice.choice(_ZONES),
        video=_chosen(_VIDEO, dice),
        audio=_chosen(_AUDIO, dice),
        output="webm" if dice.random() < 0.08 else "mov" if dice.random() < 0.1 else "mp4",
        size=dice.lognormvariate(0, 0.5),
        names_sessions=platform != "mcp" and dice.random() < 0.85,
        joined=joined,
        left=1.0 if dice.random() < 0.8 else joined + (1 - joined) * dice.uniform(0.3, 1.0),
        works=works,
        tastes=tuple(accumulate(likes)),
    )


def _chosen(weighted: tuple[tuple[str, int], ...], dice: Random) -> str:
    return dice.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
