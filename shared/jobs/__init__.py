"""Jobs: long work as a document that says how far it is, who works on it, what it costs, and how it ended."""

from shared.jobs.attempt import run_leased
from shared.jobs.controls import Control, ControlKind, Controls, change_controls, read_controls
from shared.jobs.failures import judge
from shared.jobs.files import FileLink, JobFile
from shared.jobs.job import Failure, Job, JobError, JobKind, JobState, Priority, Stage, priority_of
from shared.jobs.progress import span_of
from shared.jobs.service import cancel_job, create_job, delete_job, get_job, list_jobs, retry_job
from shared.jobs.start import start_job
from shared.jobs.sweep import Swept, sweep_jobs
from shared.jobs.telling import failed_event, failure_metrics, job_event
from shared.jobs.waiting import Begun, Waiting, begun_between, waiting_jobs
from shared.jobs.worker import Cancelled, LeaseLost, Worker

__all__ = [
    "Begun",
    "Cancelled",
    "Control",
    "ControlKind",
    "Controls",
    "Failure",
    "FileLink",
    "Job",
    "JobError",
    "JobFile",
    "JobKind",
    "JobState",
    "LeaseLost",
    "Priority",
    "Stage",
    "Swept",
    "Waiting",
    "Worker",
    "begun_between",
    "cancel_job",
    "change_controls",
    "create_job",
    "delete_job",
    "failed_event",
    "failure_metrics",
    "get_job",
    "job_event",
    "judge",
    "list_jobs",
    "priority_of",
    "read_controls",
    "retry_job",
    "run_leased",
    "span_of",
    "start_job",
    "sweep_jobs",
    "waiting_jobs",
]
