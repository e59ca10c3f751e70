"""A chunk is made by one task at a time, is taken over from one that is lost, and is never made again once it is done."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.assets import StoredObject
from shared.core.clock import now
from shared.core.ids import new_id
from shared.jobs import Job, JobError, JobKind, JobState, Priority, cancel_job, create_job
from shared.transcodes import (
    Board,
    ChunkFile,
    ChunkHold,
    ChunkKind,
    ChunkLost,
    ChunkState,
    JobOver,
    Made,
    TranscodeChunk,
)
from shared.transcodes.chunk import MOST_ATTEMPTS, chunks_of
from tests.cloud import RunningCloud, wait_for

FILE = ChunkFile(role="film", filename="film.mp4", size=1, stored=StoredObject(bucket="b", name="n", generation=1))
MADE = Made([FILE], 2.5, "cpu")


@pytest.fixture
def job(cloud: RunningCloud) -> Job:
    """A transcode of a new user."""
    return create_job(new_id(), JobKind.TRANSCODE, {}, Priority.HIGH, new_id(), tasks=3)


def laid(job: Job, count: int = 3) -> Board:
    """The board of task 0 with chunks of 10 frames, the largest last in the film."""
    board = Board(job, "execution/0")
    chunks = [
        TranscodeChunk(
            id=f"pictures-{n:04}",
            kind=ChunkKind.PICTURES,
            start=10 * n,
            stop=10 * n + 10,
            weight=1 + n / 10,
            expire_at=now() + timedelta(days=1),
        )
        for n in range(count)
    ]
    board.lay_out(chunks)
    return board


def taken(board: Board, place: int = 0) -> TranscodeChunk:
    chunk = board.claim(place)
    assert chunk is not None
    return chunk


def abandon(job: Job, chunk: TranscodeChunk) -> None:
    """As if its task had said nothing for too long."""
    chunks_of(job).document(chunk.id).update({"leaseExpires": now() - timedelta(seconds=1)})


def test_what_is_laid_out_first_stays(job: Job) -> None:
    before = laid(job, 3).chunks()
    laid(job, 5)
    assert Board(job, "other").chunks() == before


def test_the_largest_is_taken_first_and_tasks_that_begin_together_take_different_ones(job: Job) -> None:
    board = laid(job)
    assert taken(board).start == 20
    assert taken(Board(job, "execution/1"), 1).start == 0
    assert taken(Board(job, "execution/2"), 2).start == 10


def test_many_tasks_take_every_chunk_once(job: Job) -> None:
    laid(job, 12)

    def work(index: int) -> list[str]:
        board, mine = Board(job, f"execution/{index}"), []
        while (chunk := board.claim(index)) is not None:
            mine.append(chunk.id)
            board.finish(chunk, MADE)
        return mine

    with ThreadPoolExecutor(6) as threads:
        made = Counter(chunk for mine in threads.map(work, range(6)) for chunk in mine)
    assert len(made) == 12
    assert set(made.values()) == {1}
    assert all((chunk.attempts, chunk.state) == (1, ChunkState.DONE) for chunk in Board(job, None).chunks())


def test_a_chunk_that_is_being_made_is_nobody_elses(job: Job) -> None:
    chunk = taken(laid(job, 1))
    assert Board(job, "execution/1").claim(0) is None
    assert chunk.lease_expires is not None


def test_a_chunk_whose_task_is_lost_is_taken_by_another_and_the_lost_one_cannot_finish_it(job: Job) -> None:
    board, other = laid(job, 1), Board(job, "execution/1")
    lost = taken(board)
    abandon(job, lost)
    again = taken(other)
    assert (again.id, again.attempts) == (lost.id, 2)
    with pytest.raises(ChunkLost):
        board.finish(lost, MADE)
    other.finish(again, MADE)


def test_a_task_that_is_tried_again_goes_on_with_its_own_chunk_at_once(job: Job) -> None:
    before = taken(laid(job), 1)
    assert taken(Board(job, "execution/0"), 0).id == before.id


def test_a_finished_chunk_is_kept_with_its_files_and_never_given_out_again(job: Job) -> None:
    board = laid(job, 1)
    board.finish(taken(board), MADE)
    abandon(job, board.chunks()[0])
    assert board.claim(0) is None
    [chunk] = board.chunks()
    assert (chunk.files, chunk.seconds, chunk.encoder, chunk.progress) == ([FILE], 2.5, "cpu", 1.0)


def test_a_chunk_that_is_released_waits_again(job: Job) -> None:
    board = laid(job, 1)
    board.release(taken(board))
    assert taken(Board(job, "execution/1")).attempts == 2


def test_a_chunk_that_ends_every_task_is_given_up_with_a_reason(job: Job) -> None:
    board = laid(job, 1)
    for _ in range(MOST_ATTEMPTS):
        abandon(job, taken(board))
    assert board.claim(0) is None
    [chunk] = board.chunks()
    assert chunk.state is ChunkState.FAILED
    assert chunk.error is not None
    assert "Frames 0 to 10" in chunk.error.detail


def test_a_chunk_that_nobody_can_make_says_why(job: Job) -> None:
    board = laid(job, 1)
    board.fail(taken(board), JobError(type="RenderFailed", detail="Out of ink."))
    assert board.claim(0) is None
    assert board.chunks()[0].error == JobError(type="RenderFailed", detail="Out of ink.")


def test_what_nobody_could_make_is_made_again_when_the_job_gets_new_attempts(job: Job) -> None:
    board = laid(job, 2)
    board.finish(taken(board), MADE)
    board.fail(taken(board), JobError(type="RenderFailed", detail="Out of ink."))
    board.reopen()
    chunk = taken(board)
    assert (chunk.attempts, chunk.error) == (1, None)
    assert Board(job, "execution/1").claim(0) is None, "what was made stays made"


def test_a_hold_tells_how_far_it_is_and_keeps_its_lease(job: Job) -> None:
    board = laid(job, 1)
    hold = ChunkHold(job, taken(board))
    with hold.beating():
        hold.report(0.4)
        hold.report(0.3)
        wait_for(lambda: board.chunks()[0].progress == 0.4, "the document follows", seconds=5)
    expires = board.chunks()[0].lease_expires
    assert expires is not None
    assert expires > hold.chunk.lease_expires


def test_a_hold_hears_within_two_seconds_that_the_job_was_cancelled(job: Job) -> None:
    hold = ChunkHold(job, taken(laid(job, 1)))
    with hold.beating():
        cancel_job(job.user_id, job.id)
        cancelled = time.monotonic()
        wait_for(lambda: hold.stopped, "the hold hears of it", seconds=5)
        assert time.monotonic() - cancelled < 2
    with pytest.raises(JobOver):
        hold.check()


def test_a_hold_hears_that_another_task_has_its_chunk(job: Job) -> None:
    chunk = taken(laid(job, 1))
    abandon(job, chunk)
    hold = ChunkHold(job, chunk)
    with hold.beating():
        taken(Board(job, "execution/1"))
        wait_for(lambda: hold.stopped, "the hold hears of it", seconds=5)
    with pytest.raises(ChunkLost):
        hold.check()


def test_a_job_that_waits_for_a_new_leader_does_not_stop_its_other_tasks(job: Job) -> None:
    hold = ChunkHold(job, taken(laid(job, 1)))
    job.reference.update({"state": JobState.QUEUED.value})
    with hold.beating():
        hold.report(0.5)
        wait_for(lambda: Board(job, None).chunks()[0].progress == 0.5, "the document follows", seconds=5)
    hold.check()


def test_what_a_gpu_made_is_made_again_without_one_and_once(job: Job) -> None:
    board = laid(job, 2)
    made, running = taken(board), taken(Board(job, "execution/1"))
    board.finish(made, Made([FILE], 2.5, "gpu"))
    board.remake([made, running])
    by_id = {chunk.id: chunk for chunk in board.chunks()}
    assert by_id[running.id].state is ChunkState.RUNNING, "only what is done can be made again"
    assert (by_id[made.id].state, by_id[made.id].software) == (ChunkState.WAITING, True)
    again = taken(board)
    assert (again.id, again.software, again.files) == (made.id, True, [])
    board.finish(again, MADE)
    board.remake([again])
    assert {chunk.id: chunk.state for chunk in board.chunks()}[made.id] is ChunkState.DONE
