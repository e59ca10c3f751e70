"""`python -m infra.local up | exec -- COMMAND… | rules …`: the local cloud on this machine."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from infra.local.supervisor import NAMES, Cloud, StartFailure

EXIT_NOT_STARTED = 70


def main() -> int:
    """Parse the command line and run it. Returns the exit code."""
    if sys.argv[1:2] == ["rules"]:
        from infra.local.rules.cli import main as rules

        return rules(sys.argv[2:])
    arguments = _parser().parse_args()
    logging.basicConfig(level=os.environ.get("KOMPO_LOCAL_LOG", "WARNING"), format="%(message)s")
    run = _up(arguments) if arguments.command == "up" else _exec(arguments)
    try:
        return asyncio.run(run)
    except StartFailure as failure:
        print(f"The local cloud did not start. {failure}", file=sys.stderr)
        return EXIT_NOT_STARTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local", description="Google Cloud, as far as Kompo uses it, on one machine."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="start everything and stay up until Ctrl-C; the data are kept")
    up.add_argument(
        "--data", type=Path, default=Path(".data/local"), help="folder for everything kept (default: %(default)s)"
    )
    up.add_argument(
        "--port", type=int, default=8000, help="port of the API and the web app; the servers take the ones after it"
    )
    execute = commands.add_parser(
        "exec", help="start servers on free ports, run a command in their environment, stop them"
    )
    execute.add_argument("--data", type=Path, help="folder for everything kept (default: a temporary one)")
    execute.add_argument("--only", type=_names, default=list(NAMES), metavar="NAME,…", help=f"of {', '.join(NAMES)}")
    execute.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- COMMAND…")
    commands.add_parser("rules", help="check security rules, or explain what they say: rules check | rules explain")
    return parser


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in NAMES]
    if unknown or not names:
        raise argparse.ArgumentTypeError(
            f"no server is named {', '.join(unknown) or 'that'}; there are {', '.join(NAMES)}"
        )
    return names


async def _up(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    cloud = Cloud.plan(arguments.data.absolute(), NAMES, arguments.port, os.environ)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await cloud.start()
        print(_table(cloud))
        print(f"Ready in {time.monotonic() - started:.1f} s. Data in {cloud.data}. Ctrl-C stops.", flush=True)
        await stop.wait()
        print("Stopping …", flush=True)
    finally:
        await cloud.stop()
    return 0


def _table(cloud: Cloud) -> str:
    rows = [("gateway", f"http://127.0.0.1:{cloud.ports['gateway']}", "", "the API, /docs and the web app")]
    for server in cloud.servers:
        if server.name != "functions":
            rows.append((server.name, f"127.0.0.1:{cloud.ports[server.name]}", server.variable, server.speaks))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3])) for row in rows
    )


async def _exec(arguments: argparse.Namespace) -> int:
    argv = arguments.argv[1:] if arguments.argv[:1] == ["--"] else arguments.argv
    if not argv:
        print("Say what to run: python -m infra.local exec -- COMMAND…", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        data = arguments.data
        if data is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kompo-", ignore_cleanup_errors=True)))
        cloud = Cloud.plan(data.absolute(), arguments.only, None, os.environ)
        try:
            await cloud.start()
            return await _run(argv, cloud)
        finally:
            await cloud.stop()


async def _run(argv: Sequence[str], cloud: Cloud) -> int:
    """Run the command to its end. Signals go on to it, so that it decides how to stop. Exit code as a shell gives it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, env=cloud.environment | {"KOMPO_LOCAL_DATA": str(cloud.data)}
        )
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)
        return 127
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # The terminal sends it to the command as well.
    loop.add_signal_handler(signal.SIGTERM, process.terminate)
    code = await process.wait()
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(main())
