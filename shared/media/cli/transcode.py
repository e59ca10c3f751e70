"""transcode: a film into the file of a profile, or into a ladder."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pydantic import JsonValue

from shared.media.cli.command import ERRORS, OK, USAGE, Command, percentage
from shared.media.cli.run import read_settings
from shared.media.transcoding.request import ProfileName

if TYPE_CHECKING:
    from shared.media.transcoding import Transcoded, TranscodePlan


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a video")
    parser.add_argument("--profile", choices=get_args(ProfileName), help="left out: one file like the source")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter, such as codec=h265 or trim=true"
    )
    parser.add_argument("-o", "--output", metavar="FOLDER", help="where to write; it is made if it is not there")
    parser.add_argument("--plan", action="store_true", help="only say what would be made")
    parser.add_argument("--json", action="store_true", help="write JSON")


def _run(chosen: argparse.Namespace) -> int:
    from shared.media.encoders import choose, probe_accelerator
    from shared.media.probe import probe
    from shared.media.transcoding import choose_decoder, plan_transcode, read_request, transcode

    params = read_settings(chosen.set)
    if isinstance(params, str):
        sys.stderr.write(f"{params}\n")
        return USAGE
    if chosen.output is None and not chosen.plan:
        sys.stderr.write("Say with -o FOLDER where to write, or with --plan that nothing is to be written.\n")
        return USAGE
    request = read_request({**params, **({"profile": chosen.profile} if chosen.profile else {})})
    source = Path(chosen.file)
    plan = plan_transcode(probe(source, hashed=False), request)
    if chosen.plan:
        _tell(_plan_json(plan) if chosen.json else "\n".join(_plan_lines(plan)))
        return OK
    accelerator = probe_accelerator(wanted=request.encoder)
    encoder = choose(request.encoder, request.codec, accelerator)
    decoder = choose_decoder(request.encoder, plan, accelerator)
    folder = Path(chosen.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.stderr.write(f"{folder} cannot be made: {error.strerror}. Name another folder.\n")
        return ERRORS
    progress = percentage(request.profile or "transcode")
    made = transcode(source, plan, folder, encoder=encoder, decoder=decoder, on_progress=progress)
    _tell(_made_json(made) if chosen.json else "\n".join(_made_lines(made)))
    return OK


def _tell(said: str | dict[str, JsonValue]) -> None:
    sys.stdout.write((said if isinstance(said, str) else json.dumps(said, indent=2)) + "\n")


def _plan_json(plan: "TranscodePlan") -> dict[str, JsonValue]:
    return plan.to_json()


def _plan_lines(plan: "TranscodePlan") -> Iterator[str]:
    what = "HLS and DASH" if plan.package == "cmaf" else f"one {plan.container} file"
    yield f"{what}: {plan.frames} frames at {float(plan.frame_rate):.3f} a second, {float(plan.seconds):.2f} s"
    for each in plan.renditions:
        most = f"at most {each.max_kbps} kbit/s" if each.max_kbps else "as many bits as it takes"
        yield f"  {each.name:14} {each.width}x{each.height} {each.codec}, {each.preset}, crf {each.crf}, {most}"
    sound = f"{plan.sound.codec}, {plan.sound.kbps} kbit/s" if plan.sound else "none"
    yield f"  {'sound':14} {sound}"
    if plan.tone_map:
        yield "  high dynamic range is tone-mapped to standard"


def _made_lines(made: "Transcoded") -> Iterator[str]:
    if made.fell_back:
        sys.stderr.write(f"The GPU failed, so processors did its work: {made.fell_back}\n")
    yield f"{made.entry}: {made.size} bytes in {made.wall_seconds:.2f} s, decoded by {made.decoder}, encoded by {made.encoder}"
    yield from (f"{each.path}: {each.kind}" for each in made.sidecars)


def _made_json(made: "Transcoded") -> dict[str, JsonValue]:
    return {
        "entry": str(made.entry),
        "files": [str(path) for path in made.files],
        "sidecars": {each.kind: str(each.path) for each in made.sidecars},
        "size": made.size,
        "encoder": made.encoder,
        "decoder": made.decoder,
        "fellBack": made.fell_back,
        "wallSeconds": round(made.wall_seconds, 3),
        "cpuSeconds": round(made.cpu_seconds, 3),
        "peakMemory": made.peak_memory,
    }


COMMAND = Command("transcode", "Make the file of a profile, or HLS and DASH in several sizes.", _configure, _run)
