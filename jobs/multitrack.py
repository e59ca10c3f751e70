"""multitrack: separate recordings of one conversation become a komposition that shows who talks."""

from pathlib import Path
from tempfile import TemporaryDirectory

from google.cloud import firestore

from jobs.ending import run_to_end, write_end
from jobs.inputs import asked_assets, fetch
from jobs.multitrack_events import failure_event, success_event
from shared.clips.multitrack import Multitrack, MultitrackRequest, build_multitrack, recordings_of, spoken_in
from shared.core import outbox
from shared.jobs import JobState, Worker
from shared.kompositions import KompositionService
from shared.media import RenderCancelled

_kompositions = KompositionService()


def run(user_id: str, job_id: str, execution: str | None) -> JobState | None:
    """Listen to the recordings and save the komposition under the job's id. Done twice, there is still one, with its edits."""
    return run_to_end(user_id, job_id, execution, _work, failure_event)


def _work(worker: Worker) -> None:
    worker.plan(downloading=0.3, listening=0.65, composing=0.05)
    request = MultitrackRequest.model_validate(worker.job.inputs["params"])
    assets = asked_assets(worker)
    with TemporaryDirectory(prefix="multitrack-") as folder:
        paths = fetch(worker, assets, Path(folder))
        listed = recordings_of(request.recordings, assets)
        recordings = dict(zip(paths, listed, strict=True))
        try:
            made = build_multitrack(
                recordings,
                request,
                spoken=spoken_in(worker.job.user_id, request.recordings, listed),
                title=request.title,
                on_progress=lambda done: worker.report(done, "listening"),
                should_cancel=lambda: worker.stopped,
            )
        except RenderCancelled:
            worker.check()
            raise
    worker.check()
    worker.report(0.0, "composing")
    event = success_event(worker.job, assets, made, worker.attempt_seconds * 1000)

    def also(transaction: firestore.Transaction) -> list[outbox.Message]:
        return write_end(transaction, worker.job.user_id, [event])

    worker.succeed({"kompositionId": _saved(worker, made), **made.to_json()}, also)


def _saved(worker: Worker, made: Multitrack) -> str:
    document = _kompositions.create_komposition(
        worker.job.user_id,
        worker.job.id,
        made.komposition,
        title=made.komposition.title or "Conversation",
        platform="api",
        message="Composed from separate recordings",
    )
    return document.id
