"""run: `python -m shared.clips run VIDEO… --prompt viral --count 5 -o DIR`."""

import argparse
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.clips.look import ClipLook
    from shared.clips.running.batch import Batch, Ended
    from shared.clips.running.recording import Order
    from shared.clips.tidying import Tidy
    from shared.prompts import ClipRequest

OK, FAILED, USAGE = 0, 1, 2
"""Exit codes: all is there; a recording could not be worked on, or it was stopped; it was called wrongly, or where the clips go
nothing can be written, or another run is at work."""
_NO_CAPTIONS = "none"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    text = (
        "Find the best moments of recordings, frame and caption them, and render each as a film, all on this machine."
    )
    parser = subparsers.add_parser("run", help=text, description=text)
    parser.add_argument("recordings", nargs="+", type=Path, metavar="VIDEO", help="a recording, or a folder of them")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="where the clips go")
    parser.add_argument(
        "--prompt",
        default="viral",
        help="a preset's name, or what the clips should be, in your own words, or @FILE in which these are",
    )
    parser.add_argument("--count", metavar="N", help='how many clips: 3 to 10, or a span such as "3-10"')
    parser.add_argument("--duration", metavar="SECONDS", help='how long: 15 to 60, or a span such as "15-60"')
    parser.add_argument("--variants", metavar="SECONDS", help="make each clip in these lengths too: 15,30,60")
    parser.add_argument(
        "--tidy", action="store_true", help="take fillers, silences and what was said again out of the clips"
    )
    parser.add_argument(
        "--tidy-margin",
        type=float,
        metavar="SECONDS",
        help="left of a silence on each side of what is heard, with --tidy (0.2)",
    )
    parser.add_argument("--aspect", default="9:16", choices=("9:16", "1:1", "4:5", "16:9"), help="of the picture")
    parser.add_argument("--size", type=int, default=1080, metavar="PIXELS", help="the picture's shorter side")
    parser.add_argument(
        "--captions", default="highlight", metavar="STYLE", help=f"a style of captions, or {_NO_CAPTIONS}"
    )
    parser.add_argument("--platform", help="keep captions out of what tiktok, reels, shorts, … lay over a film")
    parser.add_argument("--title", action="store_true", help="show each clip's title in its first seconds")
    parser.add_argument(
        "--transcript", type=Path, metavar="FILE", help="what is said, if you have it: SRT, VTT, JSON, …"
    )
    parser.add_argument(
        "--no-sidecar",
        dest="sidecars",
        action="store_false",
        help="do not use an SRT or a VTT file beside a recording for what is said in it",
    )
    parser.add_argument("--engine", help="what transcribes; the best one that is there unless named")
    parser.add_argument("--language", help="what is spoken, such as en or pt-BR; found out unless given")
    parser.add_argument("--speakers", type=int, metavar="N", help="how many people speak; found out unless given")
    parser.add_argument("--ranker", help="who chooses: embedded, openai or anthropic")
    parser.add_argument("--no-render", dest="render", action="store_false", help="only find the moments")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make the clips. 0: all recordings have what there is in them; 1: one could not be worked on, or it was stopped; 2: called
    wrongly."""
    from shared.clips.running.batch import recordings_in
    from shared.clips.running.holding import held
    from shared.core.errors import KompoError

    with ExitStack() as stack:
        try:
            recordings = recordings_in(chosen.recordings)
            _check(chosen, recordings)
            order = _order(chosen)
            stack.enter_context(held(chosen.output))
        except (KompoError, OSError, ValueError) as error:
            return _wrong(error)
        return _make(recordings, order, chosen.output)


def _make(recordings: list[Path], order: "Order", output: Path) -> int:
    from shared.clips.running.batch import run_batch, why
    from shared.clips.running.report import write_report

    with _stopping() as stopped, _Screen(len(recordings)) as screen:
        batch = run_batch(
            recordings,
            order,
            output,
            on_stage=screen.stage,
            on_ended=screen.ended,
            should_cancel=lambda: bool(stopped),
        )
    _tell(batch)
    try:
        page = write_report(batch, output)
    except OSError as error:
        sys.stderr.write(f"There is no report: {why(error)}\n")
        return FAILED
    sys.stdout.write(f"All of it on one page: {page}\n")
    return FAILED if batch.failed or stopped else OK


def _check(chosen: argparse.Namespace, recordings: list[Path]) -> None:
    if not recordings:
        raise ValueError("There is no recording in what you named. Name video files, or folders of them.")
    if chosen.transcript is not None and len(recordings) > 1:
        raise ValueError("--transcript is of one recording. Run each with its own.")
    for path in recordings:
        if not path.is_file():
            raise ValueError(f"{path}: there is no such file.")


def _order(chosen: argparse.Namespace) -> "Order":
    from shared.clips.finding import Hearing
    from shared.clips.running.recording import Order
    from shared.clips.selector import ClipSelector
    from shared.transcripts import decode_text, read_transcript

    transcript = None
    if chosen.transcript is not None:
        transcript = read_transcript(decode_text(chosen.transcript.read_bytes()), filename=chosen.transcript.name)
    return Order(
        request=_request(chosen),
        look=_look(chosen),
        selector=ClipSelector(chosen.ranker) if chosen.ranker else None,
        hearing=Hearing(engine=chosen.engine, language=chosen.language, speakers=chosen.speakers),
        transcript=transcript,
        render=chosen.render,
        variants=_variants(chosen.variants),
        tidy=_tidy(chosen),
        sidecars=chosen.sidecars,
    )


def _request(chosen: argparse.Namespace) -> "ClipRequest":
    """What a preset asks for, however it is spelt, or somebody's own words."""
    from shared.clips.asking import in_words
    from shared.prompts import fill, preset, presets

    named: dict[str, Any] = {"clip_count": chosen.count, "duration": chosen.duration}
    given = {name: value for name, value in named.items() if value is not None}
    words = _words(chosen.prompt)
    name = re.sub(r"[\s-]+", "_", words.casefold())
    return fill(preset(name), given) if name in presets() else in_words(words, given)


def _words(prompt: str) -> str:
    from shared.transcripts import decode_text

    if not prompt.startswith("@"):
        return prompt.strip()
    path = Path(prompt[1:])
    if not path.is_file():
        raise ValueError(
            f"--prompt: there is no file {prompt[1:]!r}. What begins with @ names a file with a prompt in it."
        )
    return decode_text(path.read_bytes()).strip()


def _variants(text: str | None) -> frozenset[float]:
    from shared.clips.variants import TARGETS

    parts = text.split(",") if text else []
    unknown = [part for part in parts if part.strip() not in {f"{target:g}" for target in TARGETS}]
    if unknown:
        raise ValueError(f"--variants: there is none of {unknown[0]!r} seconds. Name some of 15, 30 and 60: 15,30.")
    return frozenset(float(part) for part in parts)


def _tidy(chosen: argparse.Namespace) -> "Tidy | None":
    from shared.clips.tidying import Tidy

    if chosen.tidy_margin is None:
        return Tidy() if chosen.tidy else None
    if not 0 <= chosen.tidy_margin <= 2:
        raise ValueError(f"--tidy-margin: {chosen.tidy_margin:g} s cannot be left. Name 0 to 2.")
    return Tidy(margin=chosen.tidy_margin)


def _look(chosen: argparse.Namespace) -> "ClipLook":
    from shared.clips.look import CLIP_CAPTIONS, ClipLook

    captions = None
    if chosen.captions != _NO_CAPTIONS:
        told = {"style": chosen.captions, "platform": chosen.platform}
        captions = type(CLIP_CAPTIONS).model_validate({**CLIP_CAPTIONS.model_dump(), **told})
    return ClipLook(aspect=chosen.aspect, short_side=chosen.size, captions=captions, title=chosen.title)


def _wrong(error: Exception) -> int:
    from shared.clips.running.batch import why
    from shared.core.errors import KompoError

    lines = [why(error)] if isinstance(error, KompoError | OSError) else [str(error)]
    if isinstance(error, KompoError):
        lines += [f"  {found.pointer}: {found.detail}" for found in error.errors]
    sys.stderr.write("\n".join(lines) + "\n")
    return USAGE


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """Fills when the user wants to stop; what is made until then stays. A second Ctrl-C ends at once."""
    stopped: list[int] = []

    def stop(number: int, _frame: object) -> None:
        if stopped:
            os._exit(128 + number)
        stopped.append(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Screen:
    """A bar for each stage of the recording that is being worked on; plain lines where there is no terminal."""

    def __init__(self, recordings: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

        self._console = Console(stderr=True, highlight=False)
        columns = (
            TextColumn("{task.description:<14}"),
            BarColumn(),
            TextColumn("{task.percentage:3.0f} %"),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=self._console)
        self._tasks: dict[tuple[Path, str], TaskID] = {}
        self._recordings = recordings

    def __enter__(self) -> "_Screen":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def stage(self, video: Path, stage: str, fraction: float) -> None:
        """Show how far a stage is."""
        key = (video, str(stage))
        if key not in self._tasks:
            if not any(known == video for known, _ in self._tasks):
                self._console.print(video.name, style="bold", markup=False)
            self._tasks[key] = self._progress.add_task(str(stage).capitalize(), total=1.0)
        self._progress.update(self._tasks[key], completed=fraction)

    def ended(self, ended: "Ended") -> None:
        """Make room for the next recording."""
        for key in [key for key in self._tasks if key[0] == ended.video]:
            self._progress.remove_task(self._tasks.pop(key)) if self._recordings > 1 else self._tasks.pop(key)
        if ended.problem is not None:
            self._console.print(f"{ended.video.name}: {ended.problem}", style="red", markup=False)


def _tell(batch: "Batch") -> None:
    from shared.clips.running.report import clock

    lines = []
    for ended in batch.ended:
        made = "1 clip" if len(ended.clips) == 1 else f"{len(ended.clips)} clips"
        lines.append(f"{ended.video.name}: {ended.problem or made}")
        for each in ended.clips:
            clip = each.clip
            where = each.film or ended.folder / "clips.json"
            lines.append(
                f"  {clip.scores.overall:3.0f}  {clock(clip.start):>9} {clip.duration:5.1f} s  {clip.title}\n       {where}"
            )
        lines += [f"  {note}" for note in (ended.selection.notes if ended.selection else ())]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
