"""`python -m infra.local.scheduler --port N --data DIR`"""

import os
import time

from aiohttp import web

from infra.local.scheduler.jobs import declared
from infra.local.scheduler.server import Scheduler
from infra.local.scheduler.store import Store
from infra.local.serving import FUNCTIONS_URL, HOST, start_server
from infra.manifest import Suite, load_suite


def main() -> None:
    """Serve until SIGTERM. The manifest's schedules are provisioned when the functions are served too."""
    options = start_server("scheduler")
    store = Store(options.data / "scheduler.db")
    if functions_url := os.environ.get(FUNCTIONS_URL):
        suite = load_suite()
        _provision(store, suite, f"projects/{options.project}/locations/{suite.region}", functions_url)
    application = Scheduler(store).application()
    web.run_app(application, host=HOST, port=options.port, print=None, access_log=None, shutdown_timeout=1)


def _provision(store: Store, suite: Suite, parent: str, functions_url: str) -> None:
    functions = {function.name: function for function in suite.functions}
    names = {f"{parent}/jobs/{schedule.name}": schedule for schedule in suite.schedules}
    for name, schedule in names.items():
        job = declared(schedule, functions[schedule.function], functions_url)
        store.provision(name, job, job.next_time(time.time()))
    store.withdraw(set(names))


if __name__ == "__main__":
    main()
