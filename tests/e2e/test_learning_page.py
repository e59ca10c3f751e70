"""docs/learning.md is true: its programs run on the suite, one after the other, and print what the page says."""

import contextlib
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest

from infra.manifest import ROOT
from tests.cloud import RunningCloud, local_cloud

PAGE = (ROOT / "docs" / "learning.md").read_text()
PIECES = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def fresh() -> Iterator[RunningCloud]:
    """A suite that has learned nothing yet."""
    with local_cloud() as running, running.applied():
        yield running


def test_the_programs_of_the_page_print_what_it_says(fresh: RunningCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("KOMPO_LOCAL_DATA", str(fresh.data))
    names: dict[str, Any] = {}
    for program, printed in PIECES:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(compile(program, "docs/learning.md", "exec"), names)
        assert told.getvalue() == printed, program
