"""Whatever shape a picture has and whoever is in it: views lie in the picture, one after the other, and metrics have bounds."""

from fractions import Fraction
from itertools import pairwise
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.media.faces import FaceBox, FaceTrack
from shared.media.reframing import ASPECTS, read_aspect
from shared.media.reframing.camera import TOP_SPEED
from shared.media.reframing.directing import direct
from shared.media.reframing.metrics import measure
from shared.media.reframing.picture import Picture
from shared.media.reframing.plan import PlannedShot
from shared.media.reframing.watching import Watched

SECONDS = 6.0
ODD = [
    (2, 2),
    (16, 16),
    (3, 4000),
    (4000, 3),
    (64, 65),
    (1080, 1920),
    (1081, 1921),
    (640, 360),
    (7680, 4320),
    (720, 720),
]


@st.composite
def faces(draw: st.DrawFn) -> tuple[FaceTrack, ...]:
    """Up to four people, who rest, jump about or leave the picture."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        size = draw(st.floats(0.01, 1.0))
        count = draw(st.integers(1, 30))
        places = draw(st.lists(st.tuples(st.floats(-0.2, 1.0), st.floats(-0.2, 1.0)), min_size=count, max_size=count))
        boxes = tuple(FaceBox(at / 5, x, y, size, size, 1.0) for at, (x, y) in enumerate(places))
        found.append(FaceTrack(number, boxes))
    return tuple(found)


@given(st.sampled_from(ODD), st.sampled_from(ASPECTS), faces())
@settings(deadline=None, max_examples=150)
def test_views_stay_in_the_picture_and_metrics_in_their_bounds(
    shown: tuple[int, int], aspect: str, people: tuple[FaceTrack, ...]
) -> None:
    picture = Picture(shown, read_aspect(aspect))
    watched = Watched(0.0, SECONDS, (), people, ())
    shots = direct(watched, (0.0, SECONDS), picture)
    assert shots[0].start == 0.0 and shots[-1].end == SECONDS
    assert all(before.end == after.start for before, after in pairwise(shots))
    for shot in shots:
        assert_inside(shot, picture)
    metrics = measure(shots, people, shown)
    assert 0 <= metrics.subject_in_frame <= 1
    assert metrics.jumps >= 0 and metrics.scenes == 1
    views = max((view.width * shown[0] / shown[1] for shot in shots for view in shot.views), default=1.0)
    for figure in (metrics.reversals_per_second, metrics.travel_per_second, metrics.top_speed):
        assert isfinite(figure) and figure >= 0
    assert metrics.top_speed <= TOP_SPEED * max(views, 1.0) * 1080 * 1.6, "a camera that hurries"


def assert_inside(shot: PlannedShot, picture: Picture) -> None:
    """Every view of the shot is part of the picture, at every moment, and has the shape of its part of the frame."""
    for number, view in enumerate(shot.views):
        assert 0 < view.width <= 1 + 1e-9 and 0 < view.height <= 1 + 1e-9
        for at in (shot.start, (shot.start + shot.end) / 2, shot.end, *(point.at for point in view.path)):
            x, y = view.corner(at)
            assert x >= -1e-9 and y >= -1e-9
            assert x + view.width <= 1 + 1e-9 and y + view.height <= 1 + 1e-9
        share = Fraction(1) if len(shot.views) == 1 else Fraction(shot.share if number == 0 else 1 - shot.share)
        wanted = picture.aspect / share if picture.upright else picture.aspect * share
        seen = Fraction(view.width).limit_denominator(10**6) * picture.shown[0]
        assert float(seen / (Fraction(view.height).limit_denominator(10**6) * picture.shown[1])) / float(wanted) < 1.05
