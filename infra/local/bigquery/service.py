"""Everything that the routes call, made once for a server."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from infra.local.bigquery.buffer import VARIABLE, StreamingBuffer
from infra.local.bigquery.catalog import Catalog
from infra.local.bigquery.dialect import macros
from infra.local.bigquery.engine import Engine
from infra.local.bigquery.expiry import Expiry
from infra.local.bigquery.farm import register_farm_fingerprint
from infra.local.bigquery.jobs import Jobs
from infra.local.bigquery.journal import Journal
from infra.local.bigquery.queries import Queries
from infra.local.bigquery.streaming import Streamer
from infra.local.bigquery.transfers import Transfers
from infra.local.bigquery.uploads import Uploads


@dataclass(frozen=True)
class Service:
    """The parts of a running server."""

    engine: Engine
    catalog: Catalog
    streamer: Streamer
    queries: Queries
    transfers: Transfers
    uploads: Uploads
    jobs: Jobs
    expiry: Expiry

    @classmethod
    def open(cls, data: Path) -> "Service":
        """Open what is kept in `data`."""
        engine = Engine(data)
        engine.run_script(macros())
        register_farm_fingerprint(engine)
        catalog = Catalog(engine)
        buffer = StreamingBuffer(float(os.environ.get(VARIABLE) or 0))
        streamer = Streamer(engine, catalog, buffer)
        return cls(
            engine,
            catalog,
            streamer,
            Queries(catalog, buffer),
            Transfers(catalog),
            Uploads(data / "uploads"),
            Jobs(Journal(data / "jobs.sqlite")),
            Expiry(engine, catalog, streamer),
        )

    def close(self) -> None:
        """Stop the jobs and close the files."""
        self.jobs.close()
        self.engine.close()


def dumps(value: object) -> str:
    """JSON as the API sends it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
