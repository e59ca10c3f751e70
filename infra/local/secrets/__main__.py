"""`python -m infra.local.secrets --port N --data DIR`"""

import secrets

from aiohttp import web

from infra.local.secrets.server import SecretManager
from infra.local.secrets.store import Store
from infra.local.serving import HOST, start_server
from infra.manifest import load_suite


def main() -> None:
    """Serve until SIGTERM. The manifest's secrets are there, with a first version each."""
    options = start_server("secrets")
    store = Store(options.data / "secrets.db")
    for secret in load_suite().secrets:
        first = secrets.token_hex(secret.random_bytes).encode()
        store.provision(f"projects/{options.project}/secrets/{secret.name}", first)
    application = SecretManager(store).application()
    web.run_app(application, host=HOST, port=options.port, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main()
