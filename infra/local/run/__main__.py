"""`python -m infra.local.run --port N --data DIR`"""

import os

from aiohttp import web

from infra.local.run.admin import Admin
from infra.local.run.resources import Resources
from infra.local.run.runner import Runner
from infra.local.run.store import Store
from infra.local.serving import HOST, start_server
from infra.manifest import load_suite


def main() -> None:
    """Serve until SIGTERM. KOMPO_LOCAL_RUN_TASKS: how many tasks run at a time (default: one for each CPU)."""
    options = start_server("run")
    limit = int(os.environ.get("KOMPO_LOCAL_RUN_TASKS") or os.cpu_count() or 1)
    logs = options.data / "logs"
    suite = load_suite()
    store = Store(options.data / "run.db")
    runner = Runner(store, logs, limit)
    admin = Admin(store, runner, Resources(store, f"http://{options.address}"), suite.jobs, logs)
    admin.provision(f"projects/{options.project}/locations/{suite.region}")
    web.run_app(admin.application(), host=HOST, port=options.port, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main()
