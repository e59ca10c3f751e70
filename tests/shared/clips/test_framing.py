"""What of a clip's picture is seen: around the faces that the analysis has found."""

from itertools import pairwise
from pathlib import Path

import pytest

from shared.analysis import FaceTrack, MediaAnalysis, Span
from shared.clips import ClipLook
from shared.clips.composing import Recording
from shared.clips.framing import plan_framing_of
from shared.media import probe
from shared.media.faces import FaceBox
from shared.media.reframing import ReframePlan
from tests.shared.clips.test_composing import TRANSCRIPT, clip
from tests.shared.media.clips import make


def plan(folder: Path, *cuts: float) -> ReframePlan:
    """Of 5 s of a wall, with cuts, before which an analysis has seen a face at the right."""
    wall = make(folder / "wall.mp4", "-f", "lavfi", "-i", "color=gray:s=320x180:r=10:d=5", "-preset", "ultrafast")
    edges = (0.0, *cuts, 5.0)
    seen = FaceTrack(id=3, start=0, end=5, boxes=tuple(FaceBox(n * 0.4, 0.75, 0.3, 0.1, 0.178, 0.9) for n in range(12)))
    scenes = tuple(Span(start=start, end=end) for start, end in pairwise(edges))
    analysis = MediaAnalysis(duration=5, scenes=scenes, faces=(seen,))
    (found,) = plan_framing_of(clip((0.5, 4.5)), wall, Recording(probe(wall), TRANSCRIPT), analysis, ClipLook())
    return found


def test_a_face_that_the_analysis_has_found_is_not_looked_for_again(tmp_path: Path) -> None:
    shots = plan(tmp_path, 2.5).shots
    assert [(shot.start, shot.end, shot.subjects) for shot in shots] == [(0.5, 2.5, (3,)), (2.5, 4.5, (3,))]
    for shot in shots:
        (view,) = shot.views
        assert view.path[0].x + view.width / 2 == pytest.approx(0.8, abs=0.01)


def test_in_short_scenes_faces_are_looked_for_more_closely(tmp_path: Path) -> None:
    assert all(shot.subjects == () for shot in plan(tmp_path, 1.9).shots), "nobody is before the wall"
