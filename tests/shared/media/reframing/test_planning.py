"""Plans of films in which people, and other things, are where they are known to be."""

import json
from pathlib import Path

import pytest

from shared.core.errors import InvalidInput
from shared.media import UnreadableMedia
from shared.media.errors import RenderCancelled
from shared.media.faces import FaceBox, FaceTrack
from shared.media.reframing import ASPECTS, PlannedShot, ReframePlan, plan_reframe
from tests.shared.media.clips import make
from tests.shared.media.faces.footage import portrait, with_face


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reframing")


@pytest.fixture(scope="module")
def wall(folder: Path) -> Path:
    """6 s of a wall, 640x360 at 10 frames a second: whoever is before it is told by the tests."""
    return make(folder / "wall.mp4", "-f", "lavfi", "-i", "color=gray:s=640x360:r=10:d=6", "-preset", "ultrafast")


def face(number: int, x: float, *, y: float = 0.3, size: float = 0.1, times: tuple[float, float] = (0, 6)) -> FaceTrack:
    """A face that rests with its middle at `x`; as high as wide in a picture of 16:9."""
    count = int((times[1] - times[0]) * 5)
    moments = [times[0] + each / 5 for each in range(count)]
    return FaceTrack(number, tuple(FaceBox(at, x - size / 2, y, size, size * 16 / 9, 1) for at in moments))


def shots(path: Path, *faces: FaceTrack, aspect: str = "9:16") -> tuple[PlannedShot, ...]:
    return plan_reframe(path, aspect, faces=faces, scenes=[(0, 6)]).shots


def test_one_face_is_in_the_middle_of_a_view_that_rests(wall: Path) -> None:
    (shot,) = shots(wall, face(7, 0.6))
    assert (shot.layout, shot.camera, shot.subjects) == ("fill", "stationary", (7,))
    (view,) = shot.views
    assert view.width == pytest.approx(9 / 16 / (16 / 9)) and view.height == 1
    assert view.path[0].x + view.width / 2 == pytest.approx(0.6, abs=0.005)


def test_two_faces_near_each_other_share_a_view_and_two_far_apart_get_one_each(wall: Path) -> None:
    (near,) = shots(wall, face(0, 0.42, size=0.06), face(1, 0.56, size=0.06))
    assert near.layout == "fill" and near.views[0].path[0].x + near.views[0].width / 2 == pytest.approx(0.49, abs=0.01)
    (far,) = shots(wall, face(0, 0.8), face(1, 0.2))
    assert far.layout == "split" and far.subjects == (1, 0), "the left one is above"
    left, right = far.views
    assert left.path[0].x + left.width < 0.8 - 0.05 and right.path[0].x > 0.2 + 0.05, "nobody is seen twice"


def test_a_view_of_a_split_frame_follows_who_moves_and_rests_on_who_does_not(wall: Path) -> None:
    going = FaceTrack(1, tuple(FaceBox(n / 5, 0.05 + 0.008 * n, 0.3, 0.1, 0.178, 1) for n in range(30)))
    (shot,) = shots(wall, face(0, 0.85), going)
    assert shot.layout == "split" and shot.subjects == (1, 0)
    moving, resting = shot.views
    assert len(resting.path) == 1
    for box in going.boxes:
        left = moving.corner(box.at)[0]
        assert left <= box.x + 0.01 and box.x + box.width <= left + moving.width + 0.01


def test_two_faces_are_together_for_three_seconds_before_the_frame_is_split(wall: Path) -> None:
    (shot,) = shots(wall, face(0, 0.2, times=(0, 3.6)), face(1, 0.8, times=(1.4, 6)))
    assert shot.layout == "fit"


def test_faces_one_after_the_other_are_cut_to(wall: Path) -> None:
    first, second = shots(wall, face(0, 0.2, times=(0, 3)), face(1, 0.8, times=(3, 6)))
    assert [shot.views[0].path[0].x for shot in (first, second)] == [
        pytest.approx(0.042, abs=0.01),
        pytest.approx(0.642, abs=0.01),
    ]
    assert second.start == pytest.approx(3, abs=0.3)


def test_three_faces_that_fit_into_no_view_are_all_shown_and_a_small_one_in_the_background_is_no_subject(
    wall: Path,
) -> None:
    (three,) = shots(wall, face(0, 0.2), face(1, 0.5), face(2, 0.8))
    assert three.layout == "fit"
    (one,) = shots(wall, face(0, 0.3, size=0.2), face(1, 0.9, size=0.04))
    assert one.layout == "fill" and one.subjects == (0,)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_every_view_has_the_shape_that_was_asked_for(wall: Path, aspect: str) -> None:
    width, height = (int(part) for part in aspect.split(":"))
    for faces in ((face(0, 0.6),), (face(0, 0.15), face(1, 0.85))):
        for shot in shots(wall, *faces, aspect=aspect):
            for view in shot.views:
                share = width / height * (1 if len(shot.views) == 1 else 2 if width <= height else 0.5)
                assert view.width * 16 / (view.height * 9) == pytest.approx(share, rel=0.01)


def test_an_upright_film_becomes_a_lying_one_with_the_face_in_it(folder: Path) -> None:
    upright = make(folder / "upright.mp4", "-f", "lavfi", "-i", "color=gray:s=180x320:r=10:d=6", "-preset", "ultrafast")
    (shot,) = shots(upright, face(0, 0.5, y=0.1), aspect="16:9")
    (view,) = shot.views
    assert (view.width, shot.layout) == (1.0, "fill")
    assert view.path[0].y <= 0.1 + 0.01 and view.path[0].y + view.height >= 0.1 + 0.1 * 16 / 9


def test_each_scene_is_planned_on_its_own_and_begins_with_its_first_frame(folder: Path) -> None:
    path = folder / "hops.mp4"
    with_face(path, "if(lt(t,1.5),20,if(lt(t,3),380,200))", seconds=4.5)
    plan = plan_reframe(path)
    assert [shot.start for shot in plan.shots] == [0, pytest.approx(1.5), pytest.approx(3)]
    middles = [shot.views[0].path[0].x + shot.views[0].width / 2 for shot in plan.shots]
    assert middles == [pytest.approx(place / 640, abs=0.02) for place in (124, 484, 304)]
    assert plan.metrics.scenes == 3 and plan.metrics.jumps == 0 and plan.metrics.travel_per_second == 0
    assert plan.metrics.subject_in_frame == 1 and plan.detector == "haar"


def test_what_moves_is_followed_where_nobody_is(folder: Path) -> None:
    ball = make(
        folder / "ball.mp4",
        *("-f", "lavfi", "-i", "color=gray:s=640x360:r=30:d=3", "-f", "lavfi", "-i", "testsrc2=s=60x60:r=30:d=3"),
        *("-filter_complex", "[0][1]overlay=x='40+150*t':y=150", "-preset", "ultrafast"),
    )
    (shot,) = plan_reframe(ball).shots
    assert shot.layout == "fill" and shot.camera in ("pan", "track")
    view = shot.views[0]
    for at in (0.5, 1.5, 2.5):
        middle = (40 + 150 * at + 30) / 640
        assert view.corner(at)[0] <= middle <= view.corner(at)[0] + view.width


def test_a_picture_with_nothing_in_particular_is_shown_whole(folder: Path) -> None:
    pattern = make(folder / "pattern.mp4", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=1", "-preset", "ultrafast")
    (shot,) = plan_reframe(pattern).shots
    assert (shot.layout, shot.views) == ("fit", ())


def test_a_screen_with_someone_in_its_corner_is_shown_with_the_one_who_speaks_below(folder: Path) -> None:
    lines = ",".join(
        f"drawbox=x=80:y={y}:w={w}:h=14:c=black:t=fill" for y, w in ((80, 700), (160, 500), (240, 650), (320, 560))
    )
    screen = make(
        folder / "screen.mp4",
        *("-f", "lavfi", "-i", "color=white:s=1280x720:r=10:d=2", "-loop", "1", "-framerate", "10", "-t", "2"),
        *(
            "-i",
            str(portrait(folder)),
            "-filter_complex",
            f"[0]{lines}[b];[1]scale=400:400[f];[b][f]overlay=x=900:y=470:shortest=1",
        ),
        *("-pix_fmt", "yuv420p", "-preset", "ultrafast"),
    )
    (shot,) = plan_reframe(screen).shots
    assert shot.layout == "screen"
    whole, speaker = shot.views
    assert (whole.width, whole.height) == (pytest.approx(1), pytest.approx(1, abs=0.01))
    left, top = speaker.corner(0)
    assert left < 1074 / 1280 < left + speaker.width and top < 556 / 720 < top + speaker.height


def test_a_plan_reads_back_equal_and_says_how_far_it_is(wall: Path) -> None:
    told: list[float] = []
    plan = plan_reframe(wall, faces=[face(0, 0.6)], on_progress=told.append)
    assert ReframePlan.model_validate(json.loads(json.dumps(plan.to_json()))) == plan
    assert told == sorted(told) and told[-1] == 1


def test_shapes_that_are_none_films_without_pictures_and_asking_to_stop(wall: Path, folder: Path) -> None:
    for aspect in ("9x16", "0:1", "1:100", "", "9:16\n"):
        with pytest.raises(InvalidInput, match="no shape"):
            plan_reframe(wall, aspect)
    with pytest.raises(UnreadableMedia, match="no picture"):
        plan_reframe(make(folder / "tone.m4a", "-f", "lavfi", "-i", "sine=d=1"))
    with pytest.raises(RenderCancelled):
        plan_reframe(wall, should_cancel=lambda: True)
