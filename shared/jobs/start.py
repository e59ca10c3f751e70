"""Starting a queued job: one execution of its Cloud Run job."""

import logging

from shared.core.clients import jobs_client
from shared.core.settings import settings
from shared.jobs.job import JobState, job_reference, parse_job
from shared.jobs.queue import parse_ticket

log = logging.getLogger(__name__)


def start_job(message: bytes) -> str | None:
    """Start the job that `message` names, once; the name of the execution, or None when there is nothing to start.

    A message that comes twice finds the job started. Two at the same moment may start two executions: the lease lets one of
    them work. Raises InvalidInput on a message that names no job, and the client's error when Cloud Run refuses."""
    from google.cloud import run_v2

    named = parse_ticket(message)
    reference = job_reference(named.user_id, named.job_id)
    stored = reference.get().to_dict()
    if stored is None:
        log.warning("a message for a job that is not there", extra={"fields": {"jobId": named.job_id}})
        return None
    job = parse_job(stored)
    if job.state is not JobState.QUEUED or job.execution is not None:
        return job.execution
    arguments = [job.kind.value, "--user", job.user_id, "--job", job.id]
    name = f"projects/{settings().project}/locations/{settings().region}/jobs/{job.kind.value}"
    container = run_v2.RunJobRequest.Overrides.ContainerOverride(args=arguments)
    overrides = run_v2.RunJobRequest.Overrides(container_overrides=[container], task_count=job.tasks)
    operation = jobs_client().run_job(run_v2.RunJobRequest(name=name, overrides=overrides))
    execution: str = operation.metadata.name
    reference.update({"execution": execution})
    return execution
