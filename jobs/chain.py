"""Chain: operations one after the other, in one job. What no later step takes becomes an asset; the rest is gone at the end."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from google.cloud import firestore

from jobs.chain_events import failed_step_event, priced, run_event, step_event
from jobs.ending import write_end
from jobs.events import suffix_of
from jobs.gpu import gpu_use
from jobs.inputs import asked_assets, fetch
from jobs.operation_events import PROVIDER, metrics_of, operation_told
from jobs.quality import listed, measured, worst_score
from jobs.results import ResultFile, store_result
from shared.assets import Asset
from shared.chains import INPUT, PREVIOUS, name_of_step
from shared.core import outbox
from shared.core.settings import settings
from shared.events import Event, Generation
from shared.jobs import Job, JobError, Worker
from shared.media import RenderCancelled, find_ffmpeg
from shared.media.operations import check_operation, probe_all, run_operation


@dataclass
class ChainRun:
    """A chain while it is run: what its steps have made, and the events and notes that tell of them."""

    began: float = field(default_factory=time.monotonic)
    step_began: float = field(default_factory=time.monotonic)
    made: list[Path] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def work(self, worker: Worker) -> None:
        """Do it all. Raises Cancelled or LeaseLost when the job is no longer ours, and KompoErrors."""
        worker.plan(downloading=0.1, running=0.7, measuring=0.1, uploading=0.1)
        assets = asked_assets(worker)
        with TemporaryDirectory(prefix="chain-") as folder:
            files = fetch(worker, assets, Path(folder))
            for number, step in enumerate(worker.job.inputs["steps"]):
                self._step(worker, number, step, files, Path(folder))
            kept = _kept(worker.job.inputs["steps"])
            results = [self._result(number, Path(assets[0].filename).stem) for number in kept]
            reports = measured(worker, results, "measuring")
            worker.report(0.0, "uploading")
            made = [store_result(worker, result, number) for number, result in enumerate(results)]
        generation = Generation(provider=PROVIDER, quality_score=worst_score(reports))
        self._succeed(worker, made, results, listed(made, reports), generation)

    def failed(self, worker: Worker, error: JobError) -> list[Event]:
        """The events of a chain that ends so: of the steps that were done, of the one that was not, and of the whole."""
        job, number = worker.job, len(self.events)
        tried = list(self.events)
        if number < len(job.inputs["steps"]):
            tried.append(failed_step_event(job, number, error, _since(self.step_began)))
        run = run_event(job, _since(self.began), Generation(provider=PROVIDER), error)
        return [*priced(tried, PROVIDER, worker.cost_usd), run]

    def _step(self, worker: Worker, number: int, step: dict[str, Any], brought: Sequence[Path], folder: Path) -> None:
        self.step_began = time.monotonic()
        files = [self._file(reference, brought) for reference in step["inputs"]]
        infos = probe_all(files)
        request = check_operation(step["operation"], infos, step["params"])
        path = folder / f"{name_of_step(number)}.{request.container}"
        steps = len(worker.job.inputs["steps"])
        try:
            with gpu_use() as gpu:
                outcome = run_operation(
                    step["operation"],
                    files,
                    step["params"],
                    path,
                    infos=infos,
                    on_progress=lambda done: worker.report((number + done) / steps, "running"),
                    should_cancel=lambda: worker.stopped,
                    timeout=settings().render_timeout,
                    ffmpeg=find_ffmpeg(),
                    lasting=False,  # It is put into a bucket.
                )
        except RenderCancelled:
            worker.check()
            raise
        worker.check()
        size = sum(file.stat().st_size for file in files)
        operation = operation_told(request, infos[0], suffix_of(files[0].name), size, outcome.size)
        self.events.append(step_event(worker.job, number, operation, metrics_of(outcome, gpu, _since(self.step_began))))
        self.made.append(path)
        self.titles.append(request.operation.title)
        self.notes += [f"Step {number + 1}, {step['operation']}: {note}" for note in outcome.notes]

    def _file(self, reference: str, brought: Sequence[Path]) -> Path:
        if reference.startswith(INPUT):
            return brought[int(reference.removeprefix(INPUT)) - 1]
        if reference == PREVIOUS:
            return self.made[-1]
        return next(path for path in self.made if reference.endswith(f":{path.stem}"))

    def _result(self, number: int, stem: str) -> ResultFile:
        path = self.made[number]
        return ResultFile.of(path, f"{stem} ({self.titles[number]}){path.suffix}")

    def _succeed(
        self,
        worker: Worker,
        made: Sequence[Asset],
        results: Sequence[ResultFile],
        quality: Sequence[dict[str, Any]],
        generation: Generation,
    ) -> None:
        steps = priced(self.events, PROVIDER, worker.cost_usd)
        events = [*steps, run_event(worker.job, _since(self.began), generation)]

        def also(transaction: firestore.Transaction) -> list[outbox.Message]:
            return write_end(transaction, worker.job.user_id, events, made)

        outputs = {
            "assetId": made[0].id,
            "assetIds": [asset.id for asset in made],
            "duration": results[0].info.duration if results[0].info is not None else 0.0,
            "size": sum(result.size for result in results),
            "quality": list(quality),
            "notes": self.notes,
        }
        worker.succeed(outputs, also)


def is_chain(job: Job) -> bool:
    """Whether the job is one of several operations."""
    return "steps" in job.inputs


def _kept(steps: Sequence[dict[str, Any]]) -> list[int]:
    """The steps whose results no later one takes, the last one first."""
    taken = {
        number - 1 if reference == PREVIOUS else int(reference.rpartition("-")[2]) - 1
        for number, step in enumerate(steps)
        for reference in step["inputs"]
        if not reference.startswith(INPUT)
    }
    return [number for number in reversed(range(len(steps))) if number not in taken]


def _since(moment: float) -> float:
    """Milliseconds."""
    return (time.monotonic() - moment) * 1000
