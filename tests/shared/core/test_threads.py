"""Threads beside a block."""

import threading

import pytest

from shared.core.threads import running


def test_the_thread_runs_in_the_block_and_has_ended_after_it_even_through_an_error() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, daemon=True)
    with pytest.raises(ValueError, match="broken"), running(thread, stop):
        assert thread.is_alive()
        raise ValueError("broken")
    assert not thread.is_alive()
