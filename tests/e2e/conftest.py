"""Footage for the tests that walk the product's paths."""

import fcntl
import os

import pytest

from demo.footage import Footage, make_footage


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """Footage of our own, made once for all processes that share the tests out."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    shared = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    with (shared / "footage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return make_footage(shared / "footage")
