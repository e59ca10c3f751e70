"""Files of jobs: what the resources say of a file that is made in the background."""

from typing import Any, Self

from pydantic import AwareDatetime, Field

from functions.http.answers import WireModel
from functions.resources.jobs import JobError
from shared.jobs import FileLink, Job, JobState


class JobFile(WireModel):
    """How far a file is that a job makes, and where it can be fetched once it is made."""

    id: str
    state: JobState
    progress: float = Field(description="0 to 1")
    url: str | None = Field(
        description="Where the file can be fetched; ask again for a new one when it has expired. Null before the file is made, "
        "and when it is gone, 7 days after"
    )
    expires: AwareDatetime | None
    size: int | None = Field(description="Bytes")
    error: JobError | None

    @classmethod
    def of(cls, job: Job, link: FileLink | None, **more: Any) -> Self:
        """The wire form, with what else the resource says of it."""
        return cls(
            id=job.id,
            state=job.state,
            progress=job.progress,
            url=link.url if link else None,
            expires=link.expires if link else None,
            size=job.outputs.get("size"),
            error=JobError.model_validate(job.error.model_dump()) if job.error else None,
            **more,
        )
