"""What docs/insights.md says to type works when it is typed."""

import os
import re
import subprocess
import sys
from pathlib import Path

from infra.manifest import ROOT
from tests.cloud import RunningCloud

PAGE = (ROOT / "docs" / "insights.md").read_text()


def test_every_command_of_the_page_runs(suite: RunningCloud, tmp_path: Path) -> None:
    [commands] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        env={**suite.env, "PYTHONPATH": str(ROOT), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert "event: end" in ran.stdout
    assert (tmp_path / "business.xlsx").read_bytes().startswith(b"PK")
