"""`python -m infra.local.storage --port N --data DIR`."""

import os

from aiohttp import web

from infra.local.serving import EVENTARC_URL, HOST, start_server
from infra.local.storage.provision import provision
from infra.local.storage.server import make_app
from infra.local.storage.service import Service

options = start_server("storage")
service = Service(options.data, f"http://{options.address}", os.environ.get(EVENTARC_URL))
service.database.run_now(lambda connection: provision(connection, options.project))
web.run_app(
    make_app(service),
    host=HOST,
    port=options.port,
    print=None,
    access_log=None,
    auto_decompress=False,
    shutdown_timeout=2,
)
