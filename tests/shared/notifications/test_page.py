"""docs/notifications.md is true: its programs run, one after the other, and print what the page says."""

import contextlib
import io
import re
from typing import Any

import pytest

from infra.manifest import ROOT
from shared.notifications.__main__ import main

PAGE = (ROOT / "docs" / "notifications.md").read_text()
PIECES = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", PAGE, re.DOTALL)


def test_the_programs_of_the_page_print_what_it_says() -> None:
    assert len(PIECES) >= 4
    names: dict[str, Any] = {}
    for program, printed in PIECES:
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(compile(program, "docs/notifications.md", "exec"), names)
        assert told.getvalue() == printed, program


def test_every_command_is_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert {"secret", "test", "deliver", "dead", "replay"} <= set(commands)
    assert all(re.search(rf"`(python -m shared.notifications )?{command}\b", PAGE) for command in commands)
