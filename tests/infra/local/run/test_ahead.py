"""What the Run server's nursery imports for jobs can be forked from: no thread runs, nothing is open, no client is made."""

import subprocess
import sys

from infra.manifest import ROOT

LOOK = """
import os
from importlib import import_module
from jobs.__main__ import KINDS
from shared.core import clients, settings

open_before = len(os.listdir("/proc/self/fd"))
for kind in KINDS:
    import_module(f"jobs.{kind}")
kept = [clients.firestore_client, clients.storage_client, clients.bigquery_client, clients.publisher, settings.settings]
print(len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd")) - open_before)
print(sum(each.cache_info().currsize for each in kept))
"""


def test_importing_what_jobs_need_starts_no_thread_opens_nothing_and_makes_no_client() -> None:
    ran = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["1", "0", "0"]
