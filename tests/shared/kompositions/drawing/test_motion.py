"""Motion in straight pieces is the motion itself, to what no eye can see."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kompositions import parse_komposition, plan_timeline
from shared.kompositions.drawing.expressions import expression
from shared.kompositions.drawing.items import items_seen
from shared.kompositions.drawing.motion import TOLERANCE, Motion, straighten
from shared.kompositions.model import Keyframe, seconds
from shared.kompositions.timing import Clock, Tempo
from tests.shared.kompositions.drawing.conftest import film, keyframes, text

EASINGS = st.sampled_from(["linear", "hold", "ease_in", "ease_out", "ease_in_out"])


@st.composite
def moving(draw: st.DrawFn, least: float, most: float) -> object:
    frames = draw(st.lists(st.integers(0, 400), min_size=1, max_size=6, unique=True))
    values = st.floats(least, most).map(lambda value: round(value, 4))
    return [keyframes((frame, draw(values)), easing=draw(EASINGS))[0] for frame in sorted(frames)]


@settings(max_examples=40, deadline=None)
@given(
    x=moving(-1, 2),
    scale=moving(0.1, 5),
    rotation=moving(-720, 720),
    opacity=moving(0, 1),
    fades=st.tuples(st.integers(0, 200), st.integers(0, 200)),
)
def test_no_frame_is_further_off_than_the_tolerance(
    x: object, scale: object, rotation: object, opacity: object, fades: tuple[int, int]
) -> None:
    more = {"x": x, "scale": scale, "rotation": rotation, "opacity": opacity}
    fading = {"fadeIn": {"frames": fades[0]}, "fadeOut": {"frames": fades[1]}}
    komposition = parse_komposition(film(text(**more, **fading), seconds=12))
    item = next(items_seen(komposition, plan_timeline(komposition)))
    pieces = straighten(item.placed, item.path, TOLERANCE)
    assert [frame for piece in pieces for frame in range(piece.first, piece.last + 1)] == list(range(360))
    for piece in pieces:
        for frame in range(piece.first, piece.last + 1):
            for value, meant, most in zip(piece.at(frame), item.placed(frame), TOLERANCE, strict=True):
                assert abs(value - meant) <= 3 * most, frame


def test_a_long_easy_way_takes_few_pieces() -> None:
    body = film(text(x=keyframes((0, 0.0), (100_000, 1.0), easing="ease_in_out")), seconds=4000)
    komposition = parse_komposition(body)
    item = next(items_seen(komposition, plan_timeline(komposition)))
    assert len(straighten(item.placed, item.path, TOLERANCE)) < 150


def test_keyframes_in_the_same_frame_are_a_jump() -> None:
    clock = Clock(Tempo(Fraction(120)), Fraction(30))
    close = [Keyframe(at=seconds(at), value=value) for at, value in ((0, 1.0), (1, 2.0), ("1.001", 5.0), (2, 6.0))]
    motion = Motion.of(close, Fraction(0), clock)
    assert [motion.at(frame) for frame in (0, 30, 45, 60, 90)] == [1.0, 5.0, 5.5, 6.0, 6.0]


def test_expressions_are_as_deep_as_they_must_be() -> None:
    points = [(frame, float(frame % 2)) for frame in range(0, 500)]
    komposition = parse_komposition(film(text(opacity=keyframes(*points)), seconds=20))
    item = next(items_seen(komposition, plan_timeline(komposition)))
    written = expression(straighten(item.placed, item.path, TOLERANCE), 4)
    depth = deepest = 0
    for character in written:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest < 40, "FFmpeg takes a hundred"
