"""The command line: a file in, a transcript out, resumed after a kill; and what is said when that cannot be."""

import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from shared.transcripts import read_transcript
from shared.transcripts.command import main
from tests.cloud import ROOT, wait_for


def test_the_suffix_says_what_is_written_and_a_draft_how_to_get_better_words(
    recording: Path, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.vtt"
    assert main([str(recording), "-o", str(out), "--speakers", "2"]) == 0
    said = capsys.readouterr()
    assert "without speech, by pocketsphinx en-us on cpu" in said.out
    assert "This is a draft" in said.out
    assert "python -m shared.transcripts fetch small" in said.out
    assert "100 %" in said.err
    assert len(list(read_transcript(out.read_text(), "vtt").words)) > 3
    assert sorted(path.name for path in tmp_path.glob(".*")) == [], "nothing is left behind"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["nowhere.wav", "-o", "out.srt"], 1, "not there"),
        (["FILE", "-o", "out.srt", "--model", "small"], 1, "fetch small"),
        (["FILE", "-o", "out.srt", "--engine", "pocketsphinx", "--language", "de"], 1, "knows English, not de"),
        (["FILE", "-o", "out.doc"], 2, "no format is named doc"),
        (["FILE", "-o", "nowhere/out.srt"], 2, "nowhere is not there"),
        (["FILE", "-o", "out.srt", "--speakers", "0"], 2, "1 or more"),
        (["fetch", "enormous"], 2, "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_said(
    recording: Path,
    models: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [str(recording) if argument == "FILE" else argument for argument in arguments]
    if status == 2:
        with pytest.raises(SystemExit) as ended:
            main(given)
        assert ended.value.code == 2
    else:
        assert main(given) == status
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.srt").exists()


def test_after_a_kill_the_same_command_goes_on_where_it_was(whisper: Path, recording: Path, tmp_path: Path) -> None:
    """Over four minutes, which Whisper hears in two goes; of what it heard in the first, a word is changed, to be found again."""
    with wave.open(str(recording), "rb") as once, wave.open(str(tmp_path / "long.wav"), "wb") as often:
        often.setparams(once.getparams())
        often.writeframes(once.readframes(4 * once.getframerate()) * 66)
    out = tmp_path / "out.json"
    command = [sys.executable, "-m", "shared.transcripts", str(tmp_path / "long.wav"), "-o", str(out)]
    command += ["--language", "en", "--speakers", "1"]
    killed = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    kept = wait_for(
        lambda: next(tmp_path.glob(".out.json.heard/*[0-9a-f]"), None), "something is kept", 120, pause=0.01
    )
    killed.kill()
    killed.wait()
    assert kept is not None
    assert not out.exists()
    first, *others = json.loads(kept.read_text())
    kept.write_text(json.dumps([[[" remembered", 0.5, 0.9, 1.0]], *others]))
    assert first
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120)
    words = list(read_transcript(out.read_text(), "json").words)
    assert words[0].word == "remembered"
    assert words[-1].end > 200
    assert not kept.parent.exists()
