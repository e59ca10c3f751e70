"""`python -m infra.local.pubsub --port N --data DIR`."""

import asyncio

from infra.local.pubsub.server import serve
from infra.local.serving import start_server

if __name__ == "__main__":
    asyncio.run(serve(start_server("pubsub")))
