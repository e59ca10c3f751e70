"""The command line: transcribe a file, convert a transcript, or fetch the weights of a model."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from shared.core.errors import KompoError
from shared.media.cli.command import ERRORS, OK, percentage
from shared.transcripts.converting import convert, write_out
from shared.transcripts.engines import ENGINES
from shared.transcripts.formats import FORMATS, write_transcript
from shared.transcripts.recognition import transcribe
from shared.transcripts.recognition.kept import KeptInFolder
from shared.transcripts.transcript import Transcript
from shared.transcripts.weights import FETCH_LINE, MODELS, fetch_weights


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says. 0: all is well; 1: it could not be done, and why was said; 2: it was called wrongly; 130:
    interrupted, and what was heard is kept for the next time."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        named = {"fetch": _fetch, "convert": convert}.get(given[0]) if given else None
        return named(given[1:]) if named is not None else _transcribe(given)
    except KompoError as error:
        sys.stderr.write(f"{error.detail}\n")
        return ERRORS
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}.\n")
        return ERRORS
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. The same command goes on from here.\n")
        return 130


def _transcribe(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m shared.transcripts",
        description="Write down what is said in a recording, word by word. `fetch MODEL` fetches better weights, once; "
        "`convert FILE` makes another format of a transcript.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="video or sound")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, required=True, help=".json, .srt, .vtt or .txt")
    parser.add_argument("--format", choices=FORMATS, help="unless the suffix of OUT says it")
    parser.add_argument("--engine", choices=ENGINES, help="the best that is here, unless named")
    parser.add_argument("--model", help="of the engine: small, large-v3-turbo, …")
    parser.add_argument("--language", metavar="TAG", help="such as en or pt-BR; found out, unless given")
    parser.add_argument("--speakers", type=int, metavar="N", help="how many speak; found out, unless given")
    parser.add_argument("--device", choices=("cpu", "cuda"), help="a GPU if there is one, unless named")
    chosen = parser.parse_args(given)
    form = chosen.format or chosen.output.suffix.removeprefix(".").lower()
    if form not in FORMATS:
        parser.error(f"no format is named {form or 'by ' + chosen.output.name}; there are {', '.join(FORMATS)}")
    if not chosen.output.parent.is_dir():
        parser.error(f"the folder {chosen.output.parent} is not there")
    if not os.access(chosen.output.parent, os.W_OK | os.X_OK):
        parser.error(f"nothing can be written into the folder {chosen.output.parent}")
    if chosen.speakers is not None and chosen.speakers < 1:
        parser.error("--speakers is 1 or more")
    kept = KeptInFolder(chosen.output.with_name(f".{chosen.output.name}.heard"))
    transcript = transcribe(
        chosen.file,
        engine=chosen.engine,
        model=chosen.model,
        device=chosen.device,
        language=chosen.language,
        speakers=chosen.speakers,
        on_progress=percentage(chosen.file.name),
        kept=kept,
    )
    write_out(chosen.output, write_transcript(transcript, form))
    kept.forget()
    sys.stdout.write(f"{chosen.output}: {_told(transcript)}\n")
    if transcript.origin is not None and transcript.origin.draft:
        sys.stdout.write(f"This is a draft: good enough to find places by, not to publish. {FETCH_LINE}\n")
    return OK


def _told(transcript: Transcript) -> str:
    words, origin = sum(1 for _ in transcript.words), transcript.origin
    by = f"{origin.name} {origin.model} on {origin.device}" if origin is not None else "nobody"
    silence = f"{transcript.removed_by_vad:.1f} of {transcript.duration:.1f} s without speech"
    return f"{words} words, {len(transcript.speakers)} speaker(s), language {transcript.language}, {silence}, by {by}"


def _fetch(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m shared.transcripts fetch", description="Fetch the weights of a Whisper model, once."
    )
    parser.add_argument("model", choices=MODELS, help="the larger, the better and the slower")
    weights = fetch_weights(parser.parse_args(given).model)
    sys.stdout.write(f"{weights.name} is in {weights.folder} and is used from now on.\n")
    return OK
