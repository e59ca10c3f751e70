"""`python -m infra.local.auth --port N --data DIR`."""

from aiohttp import web

from infra.local.auth.server import make_app
from infra.local.serving import HOST, start_server

options = start_server("auth")
web.run_app(
    make_app(options.data, options.project),
    host=HOST,
    port=options.port,
    print=None,
    access_log=None,
    shutdown_timeout=2,
)
