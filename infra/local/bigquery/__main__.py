"""`python -m infra.local.bigquery --port N --data DIR`."""

from infra.local.bigquery.server import serve
from infra.local.serving import start_server

if __name__ == "__main__":
    serve(start_server("bigquery"))
