"""What every server of the local cloud shares: how it is started, where the others are, how it ends.

A server is a package `infra/local/<name>` that runs as `python -m infra.local.<name> --port N --data DIR`. It listens on
127.0.0.1:N (it is ready once a connection is accepted), keeps everything it has acknowledged in DIR so that it survives
`kill -9`, provisions what `infra/suite.yaml` declares for it, and ends on SIGTERM or with its parent. It finds the other
servers through the environment, as every Google client does.
"""

import argparse
import ctypes
import logging
import os
import signal
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
"""The repository: where the servers run."""
DEFAULT_PROJECT = "kompo-local"

EVENTARC_URL = "KOMPO_LOCAL_EVENTARC"
"""Variable with the base URL of the Eventarc server. Others `POST {url}/events` a binary-mode CloudEvent; 202 means kept."""
FUNCTIONS_URL = "KOMPO_LOCAL_FUNCTIONS"
"""Variable with the base URL of the functions; function `f` is at `{url}/f`. Internal: not the public origin."""
RUN_URL = "KOMPO_RUN_ENDPOINT"
"""Variable with the base URL of the Cloud Run Admin API."""
SECRETS_URL = "KOMPO_SECRETS_ENDPOINT"
"""Variable with the base URL of Secret Manager."""
SCHEDULER_URL = "KOMPO_LOCAL_SCHEDULER"
"""Variable with the base URL of the Cloud Scheduler API."""
GATEWAY_URL = "KOMPO_PUBLIC_URL"
"""Variable with the public origin: the API, the docs and the web app."""

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Options:
    """How a server was started."""

    port: int
    data: Path
    project: str

    @property
    def address(self) -> str:
        """`host:port` to listen on."""
        return f"{HOST}:{self.port}"


def start_server(name: str) -> Options:
    """Read the command line of server `name`, make its data folder, set up logging, and tie its life to its parent's."""
    parser = argparse.ArgumentParser(prog=f"python -m infra.local.{name}")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--data", type=Path, required=True, help="folder for everything this server keeps")
    arguments = parser.parse_args()
    arguments.data.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        level=os.environ.get("KOMPO_LOCAL_LOG", "WARNING"), format=f"%(asctime)s {name} %(levelname)s %(message)s"
    )
    die_with_parent()
    return Options(arguments.port, arguments.data, os.environ.get("GOOGLE_CLOUD_PROJECT", DEFAULT_PROJECT))


def die_with_parent(with_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `with_signal` when its parent dies (Linux; elsewhere nothing happens).

    Usable as `preexec_fn` for child processes too."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, with_signal)
    except (OSError, AttributeError):
        logging.getLogger(__name__).debug("no prctl here: children may outlive a killed parent")
