"""Tasks that are killed at random lose nothing that was finished, and the film is the one of an undisturbed run."""

import os
import random
import signal
import time
from pathlib import Path

import psutil

from shared.jobs import get_job
from shared.transcodes import ChunkState
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.transcodes import (
    FINAL,
    chunks_of,
    decoded,
    ended,
    expect_slowness,
    fetched,
    film_with_sound,
    transcode,
)
from tests.workers import index_of, workers_of

KILLS = int(os.environ.get("KOMPO_TASK_KILLS", "5"))
LEADERS = 2
"""A job is given up when its third leader is lost."""


def test_a_film_whose_tasks_are_killed_at_random_is_the_undisturbed_one(suite: RunningCloud, tmp_path: Path) -> None:
    seed = time.time_ns() % 1000
    user, chance = sign_up(suite), random.Random(seed)
    asset = user.upload(film_with_sound(tmp_path / "film.mp4", 12), "video/mp4")
    params = {"preset": "medium", "width": 640, "height": 360}
    expect_slowness(user)
    undisturbed = ended(user, transcode(user, asset["id"], **params))
    expect_slowness(user)
    answer = transcode(user, asset["id"], **params)
    done, killed = disturb(user, answer.json()["id"], chance)
    job = ended(user, answer)
    assert job["state"] == "succeeded", job["error"]
    assert killed >= 2, f"tasks were killed while they worked (seed {seed})"
    assert decoded(fetched(user, job, tmp_path)) == decoded(fetched(user, undisturbed, tmp_path)), seed
    chunks = {chunk.id: chunk for chunk in chunks_of(user, job["id"])}
    assert all(chunks[name].owner == owner for name, owner in done.items()), "what was finished was not made again"
    again = sum(chunk.attempts - 1 for chunk in chunks.values())
    assert again <= killed, "only what a killed task had in hand was made again"


def disturb(user: User, job_id: str, chance: random.Random) -> tuple[dict[str, str | None], int]:
    """Kill tasks of the job now and then. Who had made the chunks that were done at a kill, and how many were killed."""
    done: dict[str, str | None] = {}
    killed = 0
    while killed < KILLS and get_job(user.uid, job_id).state.value not in FINAL:
        time.sleep(chance.uniform(0.2, 0.8))
        done |= {chunk.id: chunk.owner for chunk in chunks_of(user, job_id) if chunk.state is ChunkState.DONE}
        victims = [process for process in workers_of(job_id) if may_die(user, job_id, process)]
        if victims:
            chance.choice(victims).send_signal(signal.SIGKILL)
            killed += 1
    return done, killed


def may_die(user: User, job_id: str, process: psutil.Process) -> bool:
    """Whether it works, and is not the last leader that the job can have."""
    job = get_job(user.uid, job_id)
    try:
        index = index_of(process)
        at_work = bool(process.children())
    except psutil.Error:
        return False
    leads = (job.lease_execution or "").endswith(f"/{index}")
    return at_work and not (leads and job.attempts > LEADERS)
