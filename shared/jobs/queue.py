"""Queue: the message that stands for a job in Pub/Sub."""

from pydantic import ValidationError

from shared.core.documents import StoredModel
from shared.core.errors import InvalidInput
from shared.jobs.job import Job


class Ticket(StoredModel):
    """Which job to start."""

    user_id: str
    job_id: str


def ticket(job: Job) -> bytes:
    """The message of a job."""
    return Ticket(user_id=job.user_id, job_id=job.id).model_dump_json(by_alias=True).encode()


def parse_ticket(data: bytes) -> Ticket:
    """The job that a message names. Raises InvalidInput."""
    try:
        return Ticket.model_validate_json(data)
    except ValidationError as error:
        raise InvalidInput(f"This message names no job: {error.error_count()} problem(s).") from error
