"""The local BigQuery: REST v2 over DuckDB, for the official clients. Run as `python -m infra.local.bigquery`."""
