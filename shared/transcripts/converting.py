"""Converting on the command line: a transcript of any format in, any out; at the times of what was heard, if anything was."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.core.errors import InvalidInput
from shared.media.partials import partials
from shared.transcripts.aligning import align
from shared.transcripts.formats import FORMATS, decode_text, read_transcript, write_transcript
from shared.transcripts.transcript import Transcript


def convert(given: Sequence[str]) -> int:
    """Do what the command line says; 0. Raises MalformedTranscript with the line, InvalidInput for a file that is not there."""
    parser = argparse.ArgumentParser(
        prog="python -m shared.transcripts convert",
        description="Read a transcript of any format and write it in another. Every word gets a time.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="SRT, WebVTT, json3, JSON or plain text")
    parser.add_argument(
        "-o", "--output", metavar="OUT", type=Path, required=True, help=".json, .srt, .vtt, .txt, .json3"
    )
    parser.add_argument("--from", dest="read", choices=FORMATS, help="of FILE; unless given, what it looks like")
    parser.add_argument("--format", choices=FORMATS, help="of OUT, unless its suffix says it")
    parser.add_argument("--heard", metavar="JSON", type=Path, help="what an engine heard: words get the times of that")
    parser.add_argument("--speakers", action="store_true", help="names in SRT too, where viewers see them")
    parser.add_argument("--times", action="store_true", help="in plain text, when each paragraph begins")
    chosen = parser.parse_args(given)
    form = chosen.format or chosen.output.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        parser.error(f"no format is named {form or 'by ' + chosen.output.name}; there are {', '.join(FORMATS)}")
    if not chosen.output.parent.is_dir():
        parser.error(f"the folder {chosen.output.parent} is not there")
    transcript = _read(chosen.file, chosen.read)
    told = f"{sum(1 for _ in transcript.words)} words"
    if chosen.heard is not None:
        aligned = align(transcript, _read(chosen.heard, None))
        transcript = aligned.transcript
        told = f"{told}, {aligned.matched:.0%} of them heard, moved by {aligned.moved:.2f} s"
    text = write_transcript(transcript, form, speakers=chosen.speakers, times=chosen.times)
    write_out(chosen.output, text)
    sys.stdout.write(f"{chosen.output}: {told}\n")
    return 0


def write_out(output: Path, text: str) -> None:
    """Write a file, whole or not at all. Raises InvalidInput when it cannot be."""
    try:
        with partials([output]) as asides:
            asides[output].write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{output} cannot be written: {error.strerror or error}.") from error


def _read(path: Path, form: str | None) -> Transcript:
    if not path.is_file():
        raise InvalidInput(f"The file {path} is not there.")
    return read_transcript(decode_text(path.read_bytes()), form, filename=path.name)
