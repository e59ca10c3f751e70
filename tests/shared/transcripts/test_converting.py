"""Converting on the command line: any format in, any out, at the times of what was heard."""

from pathlib import Path

import pytest

from shared.transcripts import read_transcript, write_transcript
from shared.transcripts.command import main
from tests.shared.transcripts.texts import said, transcript

SRT = "1\n00:00:01,000 --> 00:00:02,000\nDéjà vu again\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An SRT as old programs write it."""
    path = tmp_path / "talk.srt"
    path.write_bytes(SRT.encode("cp1252"))
    return path


@pytest.mark.parametrize("name", ["talk.vtt", "talk.json", "talk.txt", "talk.json3"])
def test_the_suffix_says_what_is_written(file: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name(name)
    assert main(["convert", str(file), "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 3 words\n"
    assert read_transcript(out.read_text(), filename=name).text == "Déjà vu again"


def test_words_get_the_times_of_what_was_heard(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heard = file.with_name("heard.json")
    heard.write_text(write_transcript(transcript(said("deja vu again", 5)), "json"))
    out = file.with_name("out.vtt")
    assert main(["convert", str(file), "-o", str(out), "--format", "word_vtt", "--heard", str(heard)]) == 0
    assert "67% of them heard, moved by 4." in capsys.readouterr().out
    assert [word.start for word in read_transcript(out.read_text()).words] == [5.0, 5.4, 5.8]


@pytest.mark.parametrize(("text", "says"), [("1\nno time", "Line 1: Text where"), (None, "talk.srt is not there")])
def test_what_cannot_be_read_is_said(
    file: Path, text: str | None, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.unlink()
    if text is not None:
        file.write_text(text)
    assert main(["convert", str(file), "-o", str(file.with_suffix(".vtt"))]) == 1
    assert says in capsys.readouterr().err


def test_what_cannot_be_written_is_said_and_nothing_of_it_stays(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("out.vtt")
    out.mkdir()
    assert main(["convert", str(file), "-o", str(out)]) == 1
    assert "out.vtt is a folder. Name a file for the result." in capsys.readouterr().err
    assert sorted(path.name for path in file.parent.iterdir()) == ["out.vtt", "talk.srt"]
