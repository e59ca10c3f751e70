"""Jobs: long work as a document that says how far it is, who works on it, and how it ended."""

from shared.jobs.job import Job, JobError, JobKind, JobState, Priority, priority_of
from shared.jobs.service import cancel_job, create_job, get_job, list_jobs
from shared.jobs.start import start_job
from shared.jobs.sweep import sweep_jobs
from shared.jobs.worker import Cancelled, LeaseLost, Worker, run_leased

__all__ = [
    "Cancelled",
    "Job",
    "JobError",
    "JobKind",
    "JobState",
    "LeaseLost",
    "Priority",
    "Worker",
    "cancel_job",
    "create_job",
    "get_job",
    "list_jobs",
    "priority_of",
    "run_leased",
    "start_job",
    "sweep_jobs",
]
