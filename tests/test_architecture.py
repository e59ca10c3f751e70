"""The rules of the house: arrows point down, cold starts import only what they use, modules stay small."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from infra.manifest import ROOT, load_suite

HEAVY = ("apprise", "av", "cv2", "torch", "numpy", "duckdb", "sqlglot", "skimage", "firebase_admin")
"""What no function may import before it is called."""
FUNCTIONS = [function.source for function in load_suite().functions]


def test_imports_point_down() -> None:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_no_modules_import_each_other_in_a_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the import stands: one inside a function hides a circle, and does not untie it. What only types need may."""
    monkeypatch.syspath_prepend(str(ROOT))
    graph = grimp.build_graph(
        "functions", "jobs", "shared", "infra", exclude_type_checking_imports=True, cache_dir=None
    )
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' imports '.join(reversed(error.args[1]))}")


ALONE = """
import importlib, os, sys
import functions.api  # The packages of others that functions use.

ours = [name for name in sys.modules if name.partition(".")[0] in ("functions", "shared")]
for name in ours:
    del sys.modules[name]
before = {heavy} & set(sys.modules)
for module in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        importlib.import_module(module)
        print(module, *sorted(before | {heavy} & set(sys.modules)), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, list[str]]:
    """What heavy packages every function imports that can be imported on its own: each in a process where no module of ours is
    imported yet, but those of others that `functions.api` needs are, once for all."""
    modules = [source.removesuffix(".py").replace("/", ".") for source in FUNCTIONS]
    environment = {"GOOGLE_CLOUD_PROJECT": "p", "KOMPO_USER_SALT": "s", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", ALONE.replace("{heavy}", repr(set(HEAVY))), *modules]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    lines = [line.split() for line in ran.stdout.splitlines()]
    return {module.replace(".", "/") + ".py": heavy for module, *heavy in lines}


@pytest.mark.parametrize("source", FUNCTIONS)
def test_a_cold_start_imports_nothing_heavy(source: str, imported: dict[str, list[str]]) -> None:
    assert source in imported, "it cannot be imported on its own"
    assert imported[source] == []


WITHOUT_JOBS = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {missing}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing())
import functions.api
from shared.analysis import find_flaws
from shared.clips import ClipSelector
from shared.transcripts import FORMATS, write_transcript
from shared.transcripts.engines import check_request
from tests.shared.clips.talks import talk

for engine in (None, "faster-whisper", "pocketsphinx"):
    check_request(engine, "en")
find_flaws(talk())
assert all(write_transcript(talk(), name) for name in FORMATS)
print(len(ClipSelector("embedded").analyze_transcript(talk(), "viral").clips))
"""
JOBS_ONLY = ("av", "cv2", "ctranslate2", "faster_whisper", "ffmpeg", "imageio_ffmpeg", "onnxruntime", "pocketsphinx")
JOBS_ONLY += ("scenedetect", "budoux", "tokenizers", "uharfbuzz", "scipy", "skimage", "rich")


def test_the_api_tries_prompts_and_reads_transcripts_with_no_package_that_only_jobs_have() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_JOBS.replace("{missing}", repr(set(JOBS_ONLY)))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"GOOGLE_CLOUD_PROJECT": "p", "KOMPO_USER_SALT": "s", "PATH": "/usr/bin:/bin"},
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) >= 3


def test_no_module_holds_two_subjects() -> None:
    sources = [
        path for folder in ("functions", "jobs", "shared", "infra", "demo") for path in (ROOT / folder).rglob("*.py")
    ]
    long = {
        str(path.relative_to(ROOT)): lines for path in sources if (lines := len(path.read_text().splitlines())) > 400
    }
    assert not long
