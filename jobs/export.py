"""export: the figures of a page of the dashboard become a file in the exports bucket."""

from jobs.filing import run_filing
from shared.insights import exporting
from shared.jobs import JobState


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the file that the job names."""
    return run_filing(user_id, job_id, execution, exporting.carry_out)
