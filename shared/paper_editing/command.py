"""Edit a recording by its words: take fillers, retakes and silences out, and write the komposition that is left."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from shared.analysis import find_flaws
from shared.core.errors import InvalidInput, KompoError
from shared.media import MediaInfo, probe
from shared.paper_editing.cleaning import CleanUp, Preview, Unwanted, clean_up, preview
from shared.paper_editing.composing import SOURCE, to_komposition
from shared.paper_editing.edit import PaperEdit
from shared.paper_editing.listening import listen
from shared.paper_editing.silences import SilenceSettings
from shared.transcripts import Transcript, decode_text, read_transcript, transcribe

FAILED, USAGE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run it. 0: done; 1: it cannot be done, with a sentence on why; 2: called wrongly."""
    chosen = _parser().parse_args(argv)
    if not chosen.preview and chosen.output is None:
        return _refused("Name the komposition to write with -o, or ask for a --preview.", USAGE)
    try:
        _run(chosen)
    except (OSError, KompoError) as error:
        return _refused(str(error), FAILED)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.paper_editing", description=__doc__)
    parser.add_argument("recording", type=Path, metavar="RECORDING", help="a film or a sound in which somebody speaks")
    parser.add_argument("--transcript", type=Path, metavar="FILE", help="SRT, VTT, JSON …; left out, it is transcribed")
    parser.add_argument("--paper", type=Path, metavar="FILE", help="the edit: taken up if it is there, and kept")
    parser.add_argument("--remove", nargs="*", default=[], choices=get_args(Unwanted), help="what one click takes out")
    parser.add_argument("--threshold", type=float, default=0.04, help="peak under which it is silent (0.04)")
    parser.add_argument("--margin", type=float, default=0.2, help="seconds left around what is heard (0.2)")
    parser.add_argument("--keep-time", action="store_true", help="only silence the fillers")
    parser.add_argument("--captions", metavar="STYLE", help="show the words that are left, in a style of captions")
    parser.add_argument("--preview", action="store_true", help="say what would go, and write nothing")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="the komposition to write")
    return parser


def _run(chosen: argparse.Namespace) -> None:
    info = probe(chosen.recording)
    profile = listen(chosen.recording, info)
    before = _edit(chosen, info)
    after = before
    if chosen.remove:
        wanted = CleanUp(remove=tuple(chosen.remove), silences=_silences(chosen), keep_time=chosen.keep_time)
        after = clean_up(before, wanted, text=find_flaws(before.transcript), profile=profile)
    _tell(preview(before, after))
    if chosen.preview:
        return
    captions = {"style": chosen.captions} if chosen.captions else None
    made = to_komposition(after, chosen.recording.name, info, profile, title=chosen.recording.stem, captions=captions)
    chosen.output.write_text(json.dumps(made.to_json(), indent=2, ensure_ascii=False), "utf-8")
    if chosen.paper is not None:
        chosen.paper.write_text(after.model_dump_json(by_alias=True, exclude_none=True), "utf-8")
    sys.stdout.write(f"{chosen.output}: render it with --media {SOURCE}={chosen.recording}\n")


def _silences(chosen: argparse.Namespace) -> SilenceSettings:
    try:
        return SilenceSettings(threshold=chosen.threshold, margin=chosen.margin)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidInput(f"--{first['loc'][0]} {first['input']:g} cannot be: {first['msg']}.") from error


def _edit(chosen: argparse.Namespace, info: MediaInfo) -> PaperEdit:
    if chosen.paper is not None and chosen.paper.exists():
        try:
            return PaperEdit.model_validate_json(chosen.paper.read_bytes())
        except ValueError as error:
            raise InvalidInput(
                f"{chosen.paper} holds no paper edit. Name another file, or one that is not there."
            ) from error
    return PaperEdit.of(_transcript(chosen), info.duration)


def _transcript(chosen: argparse.Namespace) -> Transcript:
    if chosen.transcript is None:
        return transcribe(chosen.recording)
    return read_transcript(decode_text(chosen.transcript.read_bytes()), filename=chosen.transcript.name)


def _tell(seen: Preview) -> None:
    for cut in seen.cuts:
        what = f"{cut.text!r}: " if cut.text else ""
        sys.stdout.write(f"{_clock(cut.start)}  {cut.seconds:5.2f} s  {what}{cut.reason.detail}\n")
    sys.stdout.write(f"{len(seen.cuts)} cuts, {_clock(seen.before)} becomes {_clock(seen.after)}\n")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes) // 60}:{int(minutes) % 60:02}:{rest:05.2f}"


def _refused(detail: str, status: int) -> int:
    sys.stderr.write(f"{detail}\n")
    return status
