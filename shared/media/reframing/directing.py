"""Directing: what to make of a scene. Whom it is about, whether they fit into one view, and if not, what else."""

from shared.media.faces import FaceTrack
from shared.media.graph.framing import FramedLayout
from shared.media.reframing.camera import Leg, Seen, Step, follow
from shared.media.reframing.interest import Interest
from shared.media.reframing.picture import Picture
from shared.media.reframing.plan import PlannedShot, PlannedView
from shared.media.reframing.screens import find_speaker
from shared.media.reframing.subjects import alternate, find_subjects, moments, present, together
from shared.media.reframing.watching import Watched

SPLIT_SECONDS = 3.0
"""Two faces share the frame if they are there together for longer."""
_FITTING = 0.9
"""Of the time that all subjects must fit into the view for it to be about all of them."""
_LEADING = 2.5
"""Times as large as the next face is one that the scene is about alone."""
_EYES = 0.42
"""Of a view's height, from the top: where the middle of a face is to be."""
_SPEAKER_FACES = 3.2
"""Heights of a face that a view of someone who speaks beside a screen has."""
_STIRRING = 0.05
"""Mean difference, of 255, from which on something moves."""
_ONE_THING, _MOSTLY = 0.7, 0.5
"""Of what moves that the best view holds when it is one thing; of the time that it is."""
_CLOSEST, _LEAST_PART = 4.5, 0.35
"""Heights of a face that a view of one of two has; and how much of the picture at least, for the sake of sharpness."""
_BESIDE = 2.2
"""Widths of a face that a view of it has at least, however near the other one is."""
_CONCENTRATED = 1.3
"""Times the interest of an even picture that the best view must have for the rest to be left out."""


def direct(watched: Watched, scene: tuple[float, float], picture: Picture) -> list[PlannedShot]:
    """The shots of a scene: one, or more where the view jumps."""
    if picture.fits:
        return [_whole(scene, picture)]
    subjects = find_subjects(watched.faces, *scene)
    speaker = find_speaker(watched, scene, subjects)
    if speaker is not None:
        return [_screen(scene, speaker, picture)]
    if not subjects:
        return _unpeopled(watched, scene, picture)
    if len(subjects) == 1:
        return _followed(scene, subjects, picture, "one face")
    if _fit_together(subjects, scene, picture):
        return _followed(scene, subjects, picture, f"{len(subjects)} faces that fit into one view")
    if alternate(subjects):
        return _followed(scene, subjects, picture, "faces one after the other")
    leading, next_one = subjects[:2]
    if leading.size[0] * leading.size[1] > _LEADING * next_one.size[0] * next_one.size[1]:
        return _followed(scene, [leading], picture, "one face larger than all others")
    if len(subjects) == 2 and together(subjects) > SPLIT_SECONDS:
        return [_split(scene, subjects, picture)]
    ids = tuple(subject.id for subject in subjects)
    return [_fit(scene, f"{len(subjects)} faces that do not fit into one view", ids)]


def _whole(scene: tuple[float, float], picture: Picture) -> PlannedShot:
    view = picture.resting((0.5, 0.5), picture.view, scene[0])
    return PlannedShot(
        start=scene[0], end=scene[1], layout="fill", views=(view,), reason="The picture has this shape already."
    )


def _fit(scene: tuple[float, float], reason: str, subjects: tuple[int, ...] = ()) -> PlannedShot:
    text = f"{reason[0].upper()}{reason[1:]}: all of the picture is shown."
    return PlannedShot(start=scene[0], end=scene[1], layout="fit", subjects=subjects, reason=text)


def _fit_together(subjects: list[FaceTrack], scene: tuple[float, float], picture: Picture) -> bool:
    """Whether the view holds the faces of all who are there, nearly all the time."""
    axis, view = picture.axis, picture.view[picture.axis]
    times = moments(*scene)
    fitting = sum(1 for moment in times if _extent(present(subjects, moment), moment, axis)[1] <= view)
    return fitting >= _FITTING * len(times)


def _extent(subjects: list[FaceTrack], moment: float, axis: int) -> tuple[float, float]:
    """The middle of some faces along an axis, and what they need of it."""
    boxes = [subject.at(moment) for subject in subjects]
    edges = [((box.x, box.x + box.width), (box.y, box.y + box.height))[axis] for box in boxes]
    low, high = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
    # A face is not all of a head.
    margin = 0.2 * max(edge[1] - edge[0] for edge in edges)
    return (low + high) / 2, high - low + 2 * margin


def _followed(scene: tuple[float, float], subjects: list[FaceTrack], picture: Picture, whom: str) -> list[PlannedShot]:
    axis, view = picture.axis, picture.view[picture.axis]
    shift = 0.0 if axis == 0 else (0.5 - _EYES) * view
    seen = []
    for moment in moments(*scene):
        middle, need = _extent(present(subjects, moment), moment, axis)
        seen.append(Seen(moment, middle + shift, need))
    legs = follow(seen, scene[0], view)
    ids = tuple(sorted(subject.id for subject in subjects))
    return _shots(legs, scene, picture, ids, f"About {whom}")


def _shots(
    legs: list[Leg], scene: tuple[float, float], picture: Picture, subjects: tuple[int, ...], about: str
) -> list[PlannedShot]:
    ends = [*(leg.start for leg in legs[1:]), scene[1]]
    return [
        PlannedShot(
            start=leg.start,
            end=end,
            layout="fill",
            camera=leg.camera,
            views=(picture.moving(leg.steps),),
            subjects=subjects,
            reason=f"{about}; the view {_TOLD[leg.camera]}.",
        )
        for leg, end in zip(legs, ends, strict=True)
        if end > leg.start
    ]


_TOLD = {"stationary": "rests", "pan": "goes along evenly", "track": "follows"}


def _unpeopled(watched: Watched, scene: tuple[float, float], picture: Picture) -> list[PlannedShot]:
    """What moves is followed; else the view rests where most is to be seen; all of the picture when that is everywhere."""
    view = picture.view[picture.axis]
    watched_here = [each for each in watched.interest if scene[0] <= each.at < scene[1]]
    if moving := _moving(watched_here, picture):
        return _shots(follow(moving, scene[0], view), scene, picture, (), "About what moves")
    place, share = picture.best(picture.interest(watched_here))
    if share < _CONCENTRATED * view and share < 1 - 1e-6:
        return [_fit(scene, "nobody is seen, and nothing in particular")]
    return _shots(
        [Leg(scene[0], "stationary", (Step(scene[0], place),))], scene, picture, (), "About what is seen most"
    )


def _moving(watched: list[Interest], picture: Picture) -> list[Seen]:
    """Where something moves, if it is one thing and moves most of the time."""
    seen = []
    for each in watched:
        place, share = picture.best(each.moving[picture.axis])
        if each.strength > _STIRRING and share >= _ONE_THING:
            seen.append(Seen(each.at, picture.middle(each.moving[picture.axis], place)))
    return seen if len(seen) >= max(2, _MOSTLY * len(watched)) else []


def _split(scene: tuple[float, float], subjects: list[FaceTrack], picture: Picture) -> PlannedShot:
    """Both faces, each in a view of its own, the left or upper one first."""
    ordered = sorted(subjects, key=lambda subject: subject.middle[0])
    apart = abs(ordered[1].middle[0] - ordered[0].middle[0])
    return _two(scene, "split", [_portrait(each, picture, scene, apart) for each in ordered], 0.5, ordered)


def _portrait(subject: FaceTrack, picture: Picture, scene: tuple[float, float], apart: float) -> PlannedView:
    """A view of a face in half of the frame, without the other who is `apart` from it; it follows across if it has to."""
    width, height = picture.part(0.5)
    closest = max(_CLOSEST * subject.size[1] / height, _LEAST_PART / height)
    factor = min(1.0, closest, max(_BESIDE * subject.size[0], apart) / width)
    size = width * factor, height * factor
    middle = subject.middle[1] + (0.5 - _EYES) * size[1]
    seen = [Seen(moment, subject.at(moment).center[0], subject.size[0]) for moment in moments(*scene)]
    legs = follow(seen, scene[0], size[0])
    if len(legs) > 1:
        return picture.resting((subject.middle[0], middle), size, scene[0])
    return picture.following(legs[0].steps, middle, size)


def _screen(scene: tuple[float, float], speaker: FaceTrack, picture: Picture) -> PlannedShot:
    """All of the screen, and the one who speaks beside or below it."""
    share = min(0.7, max(0.3, picture.share_of_whole))
    width, height = picture.part(1 - share)
    factor = min(1.0, _SPEAKER_FACES * speaker.size[1] / height)
    size = width * factor, height * factor
    middle = speaker.middle
    face = picture.resting((middle[0], middle[1] + (0.5 - _EYES) * size[1]), size, scene[0])
    whole = picture.resting((0.5, 0.5), picture.part(share), scene[0])
    return _two(scene, "screen", [whole, face], share, [speaker])


def _two(
    scene: tuple[float, float], layout: FramedLayout, views: list[PlannedView], share: float, subjects: list[FaceTrack]
) -> PlannedShot:
    reason = (
        "Two faces that stay and do not fit into one view: each has its own."
        if layout == "split"
        else "A screen with someone who speaks: both are shown."
    )
    return PlannedShot(
        start=scene[0],
        end=scene[1],
        layout=layout,
        views=tuple(views),
        share=share,
        subjects=tuple(subject.id for subject in subjects),
        reason=reason,
    )
