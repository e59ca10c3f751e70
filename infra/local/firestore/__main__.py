"""`python -m infra.local.firestore --port N --data DIR`."""

import asyncio
import logging
import os
import resource
import signal

from infra.local.serving import HOST, ROOT, Options, start_server
from infra.manifest import load_suite

from .engine import Engine
from .errors import FirestoreError
from .expiry import SWEEP_EVERY
from .index_file import read_index_file
from .indexing import Indexing
from .rpc import Server
from .service import make_methods
from .web.rulebook import Rulebook
from .web.server import make_app, serving

RULES = ROOT / "firestore.rules"
STRICT_INDEXES = "KOMPO_LOCAL_STRICT_INDEXES"
"""Variable that is 0 where queries of the suite's own database may lack the composite index that they need on Google Cloud."""
MAX_FILES = 65_536

_LOG = logging.getLogger(__name__)


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    options = start_server("firestore")
    _allow_many_connections()
    _stay_on_one_cpu()
    rulebook = Rulebook(options.data / "rules", RULES)
    engine = Engine(options.data, rulebook, _indexing(options.project))
    asyncio.run(_serve(engine, rulebook, options))
    engine.close()


async def _serve(engine: Engine, rulebook: Rulebook, options: Options) -> None:
    """Put all protocols on one port until a signal comes."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    grpc = Server(make_methods(engine))
    async with serving(make_app(engine, rulebook), grpc, (HOST, options.port)):
        sweeping = asyncio.create_task(_sweep_now_and_then(engine))
        await stop.wait()
        sweeping.cancel()
        engine.send_listeners_away()


async def _sweep_now_and_then(engine: Engine) -> None:
    """Delete what has expired. A sweep that fails says so in the log, and the next one comes all the same."""
    while True:
        try:
            deleted = await asyncio.to_thread(engine.sweep)
            _LOG.info("%d documents had expired", deleted)
        except FirestoreError as error:
            _LOG.warning("what has expired could not be deleted: %s", error)
        await asyncio.sleep(SWEEP_EVERY)


def _indexing(project: str) -> Indexing:
    """The suite's index file counts for the database that it is deployed to."""
    strict = os.environ.get(STRICT_INDEXES) != "0"
    return Indexing(f"projects/{project}/databases/(default)", read_index_file(ROOT / load_suite().indexes), strict)


def _allow_many_connections() -> None:
    """A connection takes up to three open files, and shells often allow 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(MAX_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _stay_on_one_cpu() -> None:
    """Keep the threads made from here on together, where the system allows that: the last CPU, since the first takes interrupts.

    They share one interpreter lock, so a second CPU would hardly do more at a time, and every hand-over of the lock would have
    to wake it: at eight client threads that is a sixth of a write."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    main()
