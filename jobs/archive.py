"""archive: all that is a user's becomes a file in the exports bucket."""

from jobs.filing import run_filing
from shared.jobs import JobState
from shared.privacy import archiving


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Make the file that the job names."""
    return run_filing(user_id, job_id, execution, archiving.carry_out)
