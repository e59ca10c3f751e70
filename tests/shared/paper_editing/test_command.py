"""`python -m shared.paper_editing`: a preview, a komposition, and an edit that is taken up again."""

import json
from pathlib import Path

import pytest

from shared.kompositions import parse_komposition
from shared.paper_editing.command import main
from shared.transcripts import write_transcript
from tests.shared.paper_editing.talk import Talk


@pytest.fixture
def transcript(talk: Talk, tmp_path: Path) -> Path:
    """The talk's transcript as a file."""
    path = tmp_path / "talk.json"
    path.write_text(write_transcript(talk.transcript, "json"))
    return path


def test_what_goes_is_told_written_and_taken_up_again(
    talk: Talk, transcript: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = [str(talk.media.path), "--transcript", str(transcript)]
    assert main([*call, "--remove", "silences", "--preview"]) == 0
    assert "4 cuts, 0:00:07.50 becomes" in capsys.readouterr().out
    film, paper = tmp_path / "film.json", tmp_path / "paper.json"
    written = ["--paper", str(paper), "-o", str(film)]
    assert main([*call, "--remove", "silences", "--captions", "pop", *written]) == 0
    komposition = parse_komposition(json.loads(film.read_text()))
    assert len(komposition.tracks.video[0].segments) == 3
    assert komposition.tracks.caption[0].style == "pop"
    assert main([*call, "--remove", "silences", *written]) == 0
    assert "0 cuts" in capsys.readouterr().out.splitlines()[-2]


def test_what_is_wrong_is_said_in_a_sentence(
    talk: Talk, transcript: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(talk.media.path)]) == 2
    assert main([str(tmp_path / "none.mp4"), "--preview"]) == 1
    broken = ["--paper", str(transcript), "--preview"]
    assert main([str(talk.media.path), "--transcript", str(transcript), *broken]) == 1
    assert "holds no paper edit" in capsys.readouterr().err
    call = [str(talk.media.path), "--transcript", str(transcript), "--preview", "--remove", "silences"]
    assert main([*call, "--threshold", "-1"]) == 1
    assert "--threshold -1 cannot be" in capsys.readouterr().err
