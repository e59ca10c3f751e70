"""The client is a wheel that needs nothing else, and works where nothing of Kompo is."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from infra.manifest import ROOT
from tests.shared.events.client.endpoint import serving

SCRIPT = """
import sys
from kompo_events import AnalyticsCollector
collector = AnalyticsCollector()
collector.track_operation("ann", "trim", {"start": 1.5}, 812.5, True, {"cpu": 100.0})
print(collector.flush(20), collector.stats().accepted)
foreign = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - set(sys.builtin_module_names)
print(sorted(name for name in foreign if not name.startswith("_") and name != "sitecustomize"))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as anybody would."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, "-w", str(folder), str(ROOT / "shared" / "events" / "client")], check=True, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_client_alone_and_is_small(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    ours = {name for name in names if ".dist-info/" not in name}
    tree = {f"kompo_events/{path.name}" for path in (ROOT / "shared/events/client").glob("*.py")}
    assert ours == tree | {"kompo_events/py.typed"}
    assert wheel.stat().st_size < 100_000


def test_installed_alone_it_sends_events(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, str(wheel)], check=True)
    with serving() as endpoint:
        environment = {
            "PATH": os.environ["PATH"],
            "KOMPO_ENDPOINT": endpoint.url,
            "KOMPO_TOKEN": "t",
            "KOMPO_SPOOL": str(tmp_path / "spool"),
        }
        ran = subprocess.run(
            [str(python), "-I", "-c", SCRIPT],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.stdout.splitlines() == ["True 1", "['kompo_events']"], ran.stderr
        assert len(endpoint.events) == 1
