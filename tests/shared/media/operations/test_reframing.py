"""reframe, from a film to a file: the face is in the frame, the sound is the same, and nothing of it is longer or shorter."""

import json
from pathlib import Path

import pytest

from shared.media import probe
from shared.media.cli import main
from shared.media.faces import find_faces
from tests.shared.media.clips import make
from tests.shared.media.faces.footage import with_face
from tests.shared.media.operations.conftest import Do


@pytest.fixture(scope="module")
def walk(folder: Path) -> Path:
    """3 s of someone who goes from left to right under a sine, 640x360."""
    silent = with_face(folder / "walk-silent.mp4", "20+100*t", seconds=3)
    tone = ("-f", "lavfi", "-i", "sine=f=440:r=48000:d=3")
    return make(folder / "walk.mp4", "-i", str(silent), *tone, "-c:v", "copy", "-c:a", "aac", "-ac", "2")


def test_an_upright_film_has_the_face_in_its_middle_all_the_time(do: Do, walk: Path) -> None:
    made = do("reframe", walk, aspect="9:16", preset="ultrafast")
    info = probe(made)
    assert info.video is not None and (info.video.width, info.video.height) == (360, 640)
    assert info.video.frame_count == 90 and info.audio is not None
    (track,) = find_faces(made)
    assert track.duration > 2.5
    assert all(abs(box.center[0] - 0.5) < 0.2 for box in track.boxes)


def test_the_command_line_makes_the_same_and_tells_the_plan(
    walk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reframe", str(walk), "--plan"]) == 0
    assert "the view goes along evenly" in capsys.readouterr().out
    output = tmp_path / "square.mp4"
    asked = ["reframe", str(walk), "--aspect", "1:1", "--shorter-side", "90", "--json", "-o", str(output)]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["output"], told["bytes"]) == (str(output), output.stat().st_size)
    info = probe(output)
    assert info.video is not None and (info.video.width, info.video.height) == (90, 90)
    assert main(["reframe", str(walk)]) == 2
