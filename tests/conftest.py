"""The whole suite, up once for all tests that go through the public API."""

import contextlib
import gc
from collections.abc import Iterator
from importlib import import_module

import pytest
from hypothesis import settings

from tests.api import User, sign_up
from tests.cloud import ROOT, RunningCloud, local_cloud

# The same examples in every run, so that one that fails fails for whoever changed something, and not for who comes next.
# `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
gc.disable()  # Until all is imported: nothing of it is garbage.


def pytest_sessionstart(session: pytest.Session) -> None:
    """Processes that share the tests out share out compiling them, too: each begins with modules of its own, and all find what
    the others have made of theirs. What fails here fails again when it is collected, and is told then."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None:
        return
    modules = sorted((ROOT / "tests").rglob("test_*.py"))
    for path in modules[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
        with contextlib.suppress(Exception):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the collector need not look through it again and again, with all else waiting."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def tidied() -> None:
    """For tests that fill the stack: what is finalised while it is full fails, whoever left it behind."""
    gc.collect()


@pytest.fixture(scope="session")
def running_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCloud]:
    """All servers and functions."""
    variables = {
        "KOMPO_REQUESTS_PER_MINUTE": "100000",
        "KOMPO_NOTIFICATION_HOSTS": "127.0.0.1",
        "KOMPO_MODELS": str(tmp_path_factory.mktemp("models")),
    }
    with local_cloud(**variables) as running:
        yield running


@pytest.fixture(scope="module")
def suite(running_suite: RunningCloud) -> Iterator[RunningCloud]:
    """All servers and functions, with the official clients of this process pointed at them."""
    with running_suite.applied():
        yield running_suite


@pytest.fixture
def user(suite: RunningCloud) -> User:
    """A new user."""
    return sign_up(suite)


@pytest.fixture
def stranger(suite: RunningCloud) -> User:
    """Another one."""
    return sign_up(suite)
