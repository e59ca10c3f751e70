"""reframe: a film in another shape, or only the plan of one."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from shared.media.cli.command import OK, USAGE, Command, percentage
from shared.media.reframing.aspect import ASPECTS

if TYPE_CHECKING:
    from shared.media.reframing import ReframePlan


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="VIDEO", help="a video")
    parser.add_argument("--aspect", choices=ASPECTS, default=ASPECTS[0], help="its new shape")
    parser.add_argument("--shorter-side", type=int, metavar="PIXELS", help="left out: the video's own, 1080 at most")
    parser.add_argument("-o", "--output", metavar="OUT", help="the file to write; its suffix says what")
    parser.add_argument("--plan", action="store_true", help="only say what would be seen when, and how good that is")
    parser.add_argument("--json", action="store_true", help="say it as JSON, and nothing else")


def _run(chosen: argparse.Namespace) -> int:
    from shared.media.operations import run_operation
    from shared.media.reframing import plan_reframe

    source = Path(chosen.file)
    if chosen.plan:
        plan = plan_reframe(source, chosen.aspect, on_progress=percentage("plan"))
        told = json.dumps(plan.to_json(), indent=2) if chosen.json else "\n".join(_lines(plan))
        sys.stdout.write(f"{told}\n")
        return OK
    if chosen.output is None:
        sys.stderr.write("Say with -o OUT where to write, or with --plan that nothing is to be written.\n")
        return USAGE
    side = {} if chosen.shorter_side is None else {"shorter_side": chosen.shorter_side}
    params = {"aspect": chosen.aspect, **side}
    made = run_operation("reframe", [source], params, Path(chosen.output), on_progress=percentage("reframe"))
    outcome = {
        "output": chosen.output,
        "aspect": chosen.aspect,
        "bytes": made.size,
        "seconds": round(made.wall_seconds, 3),
    }
    said = f"{chosen.output}: {made.size} bytes in {made.wall_seconds:.2f} s"
    sys.stdout.write(f"{json.dumps(outcome, indent=2) if chosen.json else said}\n")
    return OK


def _lines(plan: "ReframePlan") -> Iterator[str]:
    for shot in plan.shots:
        yield f"{shot.start:9.2f} s to {shot.end:9.2f} s  {shot.layout:6}  {shot.camera:10}  {shot.reason}"
    found = plan.metrics
    yield (
        f"{found.reversals_per_second:.2f} reversals and {found.travel_per_second:.0f} pixels a second, "
        f"{found.jumps} jump(s); the subject is in the frame {found.subject_in_frame:.1%} of the time"
    )


COMMAND = Command("reframe", "Bring a video into another shape, with faces in the picture.", _configure, _run)
