"""An engine's process takes nothing with it: not the one that asks when it dies, and not the machine when that dies."""

import os
import signal
import subprocess
import sys

import numpy as np
import psutil
import pytest

from shared.jobs import judge
from shared.transcripts.engines import EngineFailed
from shared.transcripts.engines.process import EngineProcess, Processes
from tests.cloud import ROOT, wait_for

ASKS = """
import sys, time
from shared.transcripts.engines.process import EngineProcess
process = EngineProcess("sphinx")
print(process._process.pid, flush=True)
time.sleep(60)
"""


def test_an_engine_that_dies_is_an_error_after_which_another_attempt_is_made() -> None:
    processes = Processes()
    (process,) = processes.get(1, "sphinx")
    os.kill(process._process.pid, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="too little memory") as failed:
        process.ask("hear", np.zeros(100, np.float32))
    assert judge(failed.value).transient
    processes.close()
    with pytest.raises(EngineFailed):
        processes.get(1, "sphinx")


def test_a_question_that_fails_is_an_error_and_the_next_is_answered() -> None:
    process = EngineProcess("sphinx")
    try:
        with pytest.raises(EngineFailed, match="could not do its work"):
            process.ask("hear", "no samples")
        assert process.ask("hear", np.zeros(1600, np.float32)) is not None
    finally:
        process.close()


def test_it_ends_when_the_process_that_it_works_for_is_killed() -> None:
    asker = subprocess.Popen([sys.executable, "-c", ASKS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert asker.stdout is not None
    pid = int(asker.stdout.readline())
    asker.kill()
    asker.wait()
    asker.stdout.close()
    wait_for(lambda: not psutil.pid_exists(pid) or None, "the engine has ended", 60)
