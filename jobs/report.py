"""report: a report that was asked for is written, kept, and sent if it shall be."""

from jobs.filing import run_filing
from shared.insights import reports
from shared.jobs import JobState


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the file that the job names."""
    return run_filing(user_id, job_id, execution, reports.carry_out)
