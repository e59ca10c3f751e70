"""Pausing the garbage collector."""

import gc
from contextlib import ExitStack

import pytest

from shared.core.collecting import without_collecting


def test_collection_is_off_in_the_block_and_on_after_it() -> None:
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_blocks_that_overlap_switch_it_on_with_the_last() -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(without_collecting())
    second.enter_context(without_collecting())
    first.close()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled()


def test_an_error_switches_it_on_too() -> None:
    with pytest.raises(ValueError, match="broken"), without_collecting():
        raise ValueError("broken")
    assert gc.isenabled()


def test_who_had_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with without_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
