from pytest import approx

from shared.media.faces import FaceBox, SeenFaces, track_faces


def seen(*pictures: list[tuple[float, float]], step: float = 0.2, size: float = 0.1) -> list[SeenFaces]:
    """Pictures `step` seconds apart, each with faces at these corners."""
    return [
        SeenFaces(number * step, tuple(FaceBox(number * step, x, y, size, size, 0.9) for x, y in corners))
        for number, corners in enumerate(pictures)
    ]


def test_a_face_that_moves_keeps_its_track() -> None:
    (track,) = track_faces(seen(*([(0.1 + 0.04 * n, 0.3)] for n in range(15))))
    assert len(track.boxes) == 15 and track.start == 0 and track.end == track.boxes[-1].at


def test_two_faces_keep_apart_however_they_are_listed() -> None:
    pictures = [[(0.1, 0.3), (0.7, 0.3)] if n % 2 else [(0.7, 0.3), (0.1, 0.3)] for n in range(10)]
    tracks = track_faces(seen(*pictures))
    assert sorted(tuple({box.x for box in track.boxes}) for track in tracks) == [(0.1,), (0.7,)]


def test_a_face_that_is_not_found_for_a_moment_is_the_same_afterwards() -> None:
    pictures: list[list[tuple[float, float]]] = [[(0.4, 0.3)] if n % 4 else [] for n in range(20)]
    assert [len(track.boxes) for track in track_faces(seen(*pictures))] == [15]


def test_what_is_found_once_or_now_and_then_is_no_face() -> None:
    flicker: list[list[tuple[float, float]]] = [[(0.4, 0.3)] if n % 5 == 0 else [] for n in range(20)]
    assert track_faces(seen(*flicker)) == ()
    assert track_faces(seen([(0.4, 0.3)], [(0.4, 0.3)], [])) == ()


def test_a_cut_ends_a_track_though_the_next_face_is_in_the_same_place() -> None:
    tracks = track_faces(seen(*[[(0.4, 0.3)]] * 20), cuts=[2.0])
    assert [(track.start, track.end) for track in tracks] == [(0, approx(1.8)), (2.0, approx(3.8))]


def test_a_face_does_not_become_one_of_another_size() -> None:
    near, far = seen(*[[(0.4, 0.3)]] * 5), seen(*[[(0.4, 0.3)]] * 10, size=0.3)[5:]
    assert len(track_faces([*near, *far])) == 2
