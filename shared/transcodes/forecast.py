"""Forecast: into how many chunks for how many tasks a transcode is split, and what it will take."""

from shared.jobs import JobKind
from shared.media.chunking import USUAL_BITS, Chunk, Prediction, Speeds, Whole, Work, even_splits, plan_chunks, predict
from shared.media.machines import machine_of
from shared.media.transcoding import Rendition, TranscodePlan, sidecar_pieces

LONGEST = 60.0
"""Seconds that a chunk may take: so much is lost at most when the task that makes it is killed."""
MOST_CHUNKS = 400
"""They are laid out in one transaction."""


def foresee(plan: TranscodePlan, speeds: Speeds, most_tasks: int) -> Prediction:
    """What `plan` takes with as many tasks as are worth their start.

    A task that would work for less time than it takes to start is not started: a small film is made by one task, whole. Of the
    numbers of chunks that lose little with a task, the one is taken with which all are done soonest."""
    encoding = speeds.encode(plan.renditions, plan.frames, gpu=wants_gpu(plan))
    gops = -(-plan.frames // plan.gop_frames)
    tasks = max(1, min(most_tasks, gops, int(encoding / speeds.fixed("start"))))
    least, most = max(tasks, -int(-encoding // LONGEST)), min(gops, MOST_CHUNKS)
    whole, price = len(whole_pieces(plan)), machine_of(JobKind.TRANSCODE).usd_per_second
    counts = (
        {min(most, least), *(count for count in even_splits(tasks, whole) if least <= count <= most)}
        if tasks > 1
        else {1}
    )
    made = (predict(work_of(plan, count), speeds, tasks, price) for count in sorted(counts))
    return min(made, key=lambda prediction: prediction.seconds)


def work_of(plan: TranscodePlan, chunks: int) -> Work:
    """All that there is to do for a film in so many chunks, before its key frames are known."""
    return Work(
        renditions=plan.renditions,
        chunks=chunks_of_film(plan, chunks),
        seconds=float(plan.seconds),
        source_bytes=plan.info.size,
        result_bytes=sum(_bytes(plan, rendition) for rendition in plan.renditions),
        whole=whole_pieces(plan),
        gpu=wants_gpu(plan),
    )


def whole_pieces(plan: TranscodePlan) -> tuple[Whole, ...]:
    """What is made of the whole film at once."""
    return (*(("sound",) if plan.sound is not None else ()), *sidecar_pieces(plan))


def chunks_of_film(plan: TranscodePlan, chunks: int) -> tuple[Chunk, ...]:
    """The film split evenly."""
    return plan_chunks(plan.frames, plan.gop_frames, plan.frame_rate, chunks)


def wants_gpu(plan: TranscodePlan) -> bool:
    """Whether nothing but a GPU will do."""
    return plan.request.encoder == "gpu"


def _bytes(plan: TranscodePlan, rendition: Rendition) -> float:
    """About how large a rendition is."""
    usual = rendition.width * rendition.height * USUAL_BITS * float(plan.frame_rate)
    rate = min(usual, 1000.0 * rendition.max_kbps) if rendition.max_kbps else usual
    return rate * float(plan.seconds) / 8
