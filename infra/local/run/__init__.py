"""Cloud Run jobs on this machine: the Admin API v2, and a subprocess for each task.

What `jobs:run` has accepted is run: executions and tasks are kept in SQLite. A task that was running when this server died
is ended with everything it had started, and is tried again within its job's retries."""
