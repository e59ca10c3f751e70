"""render: a komposition of files on this machine becomes its films."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from shared.kompositions.cli.files import read_entries
from shared.kompositions.cli.media import add_media, find_media, open_cache
from shared.kompositions.cli.options import ERRORS, OK, USAGE, Subparsers, add_command
from shared.kompositions.cli.plan import headline, problems, steps_text
from shared.kompositions.cli.wording import findings_text, summary

if TYPE_CHECKING:
    from shared.kompositions.model import Komposition
    from shared.kompositions.passes import RenderProgress
    from shared.media.graph import SourceMedia


def add_parser(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(subparsers, "render", "Render a document from files on this machine.", run)
    add_media(parser)
    parser.add_argument(
        "-o", "--output", action="append", required=True, metavar="PATH", help="one for each output, in their order"
    )
    parser.add_argument("--proxy", action="store_true", help="a small film, quickly, instead of the outputs")


def run(chosen: argparse.Namespace) -> int:
    """Render. 0: the outputs are there; 1: the document has errors, or cannot be rendered; 2: called wrongly."""
    from shared.core.errors import KompoError

    entries = list(read_entries(chosen))
    if len(entries) != 1:
        sys.stderr.write("Render one document at a time.\n")
        return USAGE
    [entry] = entries
    if entry.imported.komposition is None:
        sys.stderr.write("\n".join([f"{entry.name}: {summary(entry.imported)}", *findings_text(entry.imported)]) + "\n")
        return ERRORS
    try:
        return _render(entry.imported.komposition, chosen)
    except KompoError as error:
        sys.stderr.write("\n".join([error.detail, *problems(error)]) + "\n")
        return ERRORS


def _render(komposition: "Komposition", chosen: argparse.Namespace) -> int:
    from shared.kompositions.passes import RenderOptions, proxy_of, render

    media = find_media(komposition, chosen)
    wanted = proxy_of(komposition, media) if chosen.proxy else komposition
    paths = [Path(path) for path in chosen.output]
    if len(paths) != len(wanted.outputs):
        sys.stderr.write(f"There are {len(wanted.outputs)} outputs: give -o as often.\n")
        return USAGE
    made = render(
        wanted,
        media,
        paths,
        cache=open_cache(chosen),
        options=RenderOptions(copy_sources="never" if chosen.no_copy else "gainful"),
        on_progress=_progress(),
    )
    sys.stderr.write("\n")
    lines = [headline(made.plan), *steps_text(made.plan), *(f"  {note}" for note in made.notes)]
    files = ", ".join(str(path) for path in (*made.outputs, *_captions(wanted, media, paths[0])))
    sys.stdout.write("\n".join([*lines, f"{files}: {made.size} bytes in {made.wall_seconds:.2f} s"]) + "\n")
    return OK


def _captions(komposition: "Komposition", media: "Mapping[str, SourceMedia]", film: Path) -> list[Path]:
    """The captions that go beside the film, if there are any, in a file named like it."""
    from shared.kompositions.drawing import caption_sidecar
    from shared.kompositions.timing import plan_timeline

    text = caption_sidecar(komposition, plan_timeline(komposition), media)
    if text is None:
        return []
    path = film.with_suffix(".vtt")
    path.write_text(text, encoding="utf-8")
    return [path]


def _progress() -> "Callable[[RenderProgress], None]":
    """Writes the percentage when it has changed; over itself on a terminal."""
    told = -1

    def tell(progress: "RenderProgress") -> None:
        nonlocal told
        percent = int(progress.fraction * 100)
        if percent != told:
            told = percent
            end = "" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"\r{percent:3} %  {progress.step.value:<12}{end}")
            sys.stderr.flush()

    return tell
