"""docs/events.md is true: its examples are events, its programs run, and its settings are those there are."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.manifest import ROOT
from shared.events import EVENT_VERSIONS, Outcome, parse_event
from shared.events.client import Configuration
from shared.media import find_ffmpeg
from tests.shared.events.client.endpoint import serving

PAGE = (ROOT / "docs" / "events.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", blocks("json"))
def test_every_example_is_an_event(example: str) -> None:
    assert parse_event(json.loads(example)).operation is not None


@pytest.mark.parametrize("program", blocks("python"))
def test_every_program_runs_and_its_events_arrive(program: str, tmp_path: Path) -> None:
    (tmp_path / "kompo_events").symlink_to(ROOT / "shared" / "events" / "client")
    (tmp_path / "ffmpeg").symlink_to(find_ffmpeg().path)
    with serving() as endpoint:
        environment = {
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "PYTHONPATH": str(tmp_path),
            "KOMPO_ENDPOINT": endpoint.url,
            "KOMPO_TOKEN": "t",
            "KOMPO_SPOOL": str(tmp_path / "spool"),
        }
        ran = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        assert "all are answered for: True" in ran.stdout
        events = [parse_event(event) for event in endpoint.events]
        assert len(events) >= 3
        assert "holiday" not in json.dumps(endpoint.events).lower()


def test_every_version_and_verdict_is_on_the_page() -> None:
    for word in (*EVENT_VERSIONS, *Outcome):
        assert f"| `{word}` |" in PAGE


class Noting(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self[name] = ""
        return default


def test_the_settings_on_the_page_are_those_that_are_read() -> None:
    asked = Noting()
    environment: Mapping[str, str] = asked
    Configuration.of({}, environment)
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)) == asked.keys()
