"""Footage for the tests that walk the product's paths."""

from pathlib import Path

import pytest

from demo.footage import Footage, make_footage


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """Footage of our own."""
    folder: Path = tmp_path_factory.mktemp("footage")
    return make_footage(folder)
