"""multitrack: `python -m shared.clips multitrack ann.mp4 bob.mp4 screen.mp4 -o talk.json`."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.clips.multitrack.building import Multitrack
    from shared.clips.multitrack.look import MultitrackLook
    from shared.clips.multitrack.recording import Recording
    from shared.transcripts import Transcript

OK, FAILED, USAGE = 0, 1, 2
"""Exit codes: the komposition is there; the recordings make none; it was called wrongly."""
_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
_BAR = 30


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    text = (
        "Bring separate recordings of one conversation onto one clock by what is heard in them, and compose a film that "
        "shows who speaks."
    )
    parser = subparsers.add_parser("multitrack", help=text, description=text)
    parser.add_argument(
        "recordings", nargs="+", type=Path, metavar="FILE", help="recordings of speakers, screens, mixes"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="JSON", help="where the komposition goes")
    parser.add_argument(
        "--screen", action="append", default=[], type=Path, metavar="FILE", help="this is a screen; else names tell"
    )
    parser.add_argument(
        "--mix", action="append", default=[], type=Path, metavar="FILE", help="this has everybody; else names tell"
    )
    parser.add_argument("--name", action="append", default=[], metavar="FILE=NAME", help="who speaks in a file")
    parser.add_argument(
        "--transcript",
        action="append",
        default=[],
        metavar="FILE=TEXT",
        help="what is said in a file: SRT, VTT, JSON, …",
    )
    parser.add_argument("--captions", metavar="LOOK", help="how it is shown: clean, karaoke, boxed, …")
    parser.add_argument("--arrangement", default="auto", choices=("auto", "speaker", "screen", "grid"))
    parser.add_argument("--size", default="1920x1080", metavar="WIDTHxHEIGHT")
    parser.add_argument("--fps", type=float, help="frames a second; as the first speaker's unless given")
    parser.add_argument("--shortest", type=float, default=2.0, metavar="SECONDS", help="that a picture stays at least")
    parser.add_argument("--no-automix", dest="automix", action="store_false", help="leave all microphones open")
    parser.add_argument("--title", help="of the komposition")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make the komposition. 0: it is there; 1: the recordings make none; 2: called wrongly."""
    from pydantic import ValidationError

    from shared.clips.multitrack.building import build_multitrack
    from shared.clips.running.folder import write_whole
    from shared.core.errors import KompoError

    try:
        look = _look(chosen)
        recordings = _recordings(chosen)
        spoken = _spoken(chosen.transcript, recordings)
    except (KompoError, OSError, ValidationError, ValueError) as error:
        sys.stderr.write(f"multitrack: {error}\n")
        return USAGE
    try:
        made = build_multitrack(recordings, look, spoken=spoken, title=chosen.title, on_progress=_show)
        chosen.output.parent.mkdir(parents=True, exist_ok=True)
        write_whole(chosen.output, json.dumps(made.komposition.to_json(), indent=2, ensure_ascii=False) + "\n")
    except (KompoError, OSError) as error:
        sys.stderr.write(f"multitrack: {error}\n")
        return FAILED
    _tell(made, recordings, chosen.output)
    return OK


def _look(chosen: argparse.Namespace) -> "MultitrackLook":
    from shared.clips.multitrack.look import MultitrackLook
    from shared.kompositions import caption_look

    size = _SIZE.fullmatch(chosen.size)
    if size is None:
        raise ValueError(f"--size {chosen.size}: say WIDTHxHEIGHT in pixels, such as 1920x1080 or 1080x1920.")
    return MultitrackLook(
        arrangement=chosen.arrangement,
        width=int(size[1]),
        height=int(size[2]),
        fps=chosen.fps,
        shortest=chosen.shortest,
        captions=caption_look(chosen.captions) if chosen.captions else None,
        automix=chosen.automix,
    )


def _recordings(chosen: argparse.Namespace) -> "dict[Path, Recording]":
    from shared.clips.multitrack.recording import Recording, RecordingRole, role_of
    from shared.clips.multitrack.requesting import distinct
    from shared.media import probe

    told: dict[Path, RecordingRole] = dict.fromkeys(chosen.screen, RecordingRole.SCREEN) | dict.fromkeys(
        chosen.mix, RecordingRole.MIX
    )
    names = _by_file(chosen.name, "--name FILE=NAME")
    paths = list(dict.fromkeys([*chosen.recordings, *told]))
    ids = distinct([path.stem for path in paths])
    return {
        path: Recording(
            own, names.get(path, path.stem), told.get(path) or role_of(path.name), probe(path), url=path.name
        )
        for path, own in zip(paths, ids, strict=True)
    }


def _by_file(pairs: list[str], usage: str) -> dict[Path, str]:
    told = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not equals or not value:
            raise ValueError(f"{pair}: say {usage}.")
        told[Path(path)] = value
    return told


def _spoken(pairs: list[str], recordings: "dict[Path, Recording]") -> "dict[str, Transcript]":
    from shared.transcripts import decode_text, read_transcript

    spoken = {}
    for path, text in _by_file(pairs, "--transcript FILE=TEXT").items():
        if path not in recordings:
            raise ValueError(f"--transcript {path}={text}: {path} is none of the recordings.")
        spoken[recordings[path].id] = read_transcript(decode_text(Path(text).read_bytes()), filename=Path(text).name)
    return spoken


def _show(done: float) -> None:
    if sys.stderr.isatty():
        full = round(done * _BAR)
        end = "\n" if done >= 1 else ""
        sys.stderr.write(f"\r  listening [{'#' * full}{'.' * (_BAR - full)}] {done:4.0%}{end}")
        sys.stderr.flush()


def _tell(made: "Multitrack", recordings: "dict[Path, Recording]", output: Path) -> None:
    talked, lines = iter(made.talked), []
    for path, placed in zip(recordings, made.placed, strict=True):
        sync, role = placed.sync, placed.recording.role.value
        found = f"begins at {float(placed.start):.3f} s, {float(sync.drift):+.1f} ppm, sure {sync.confidence:.0%}"
        says = f", talks {next(talked):.0f} s" if role == "speaker" else ""
        lines.append(f"{role:8} {path}: {found}{says}")
    lines += [f"note: {note}" for note in made.notes]
    media = " ".join(f"--media {each.id}={path}" for path, each in recordings.items())
    lines.append(f"{output}: {len(made.turns)} turns, {len(made.komposition.layouts)} layouts. To see it:")
    lines.append(f"  python -m shared.kompositions render {output} {media} -o film.mp4")
    sys.stdout.write("\n".join(lines) + "\n")
