"""What operations take, through the API: unknown until it is learnt, then part of every plan."""

import random
from typing import Any

import pytest

from shared.core.clients import firestore_client
from shared.core.clock import now
from shared.performance import keep_model
from shared.performance.learning import learn_from
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.media.clips import numbered

Row = dict[str, Any]


@pytest.fixture(scope="module")
def editor(suite: RunningCloud) -> User:
    """A user."""
    return sign_up(suite)


@pytest.fixture(scope="module")
def clip(editor: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A clip of the user."""
    asset = editor.upload(numbered(tmp_path_factory.mktemp("clips") / "clip.mp4", 2), "video/mp4")
    return str(asset["id"])


def rows_of_trims() -> tuple[list[Row], list[Row]]:
    """200 trims of ten people, which take about a second for each megabyte, and half of which fail on more than a gigabyte."""
    dice = random.Random(1)
    runs = []
    for number in range(200):
        mb = dice.lognormvariate(0, 2)
        runs.append(
            {
                "operation_type": "trim",
                "user_id": f"{number % 10}",
                "input_format": "mp4",
                "output_format": "mp4",
                "parameters": '{"duration":1}',
                "mb": mb,
                "ms": 1000 * mb * dice.lognormvariate(0, 0.2),
                "memory_mb": (100 + mb) * dice.lognormvariate(0, 0.1),
                "output_mb": mb * dice.lognormvariate(0, 0.1),
                "runs": 200,
            }
        )
    whole = {"operation_type": "trim", "name": "", "value": "", "runs": 400, "failures": 60, "users": 10}
    large = {**whole, "name": "size", "value": "over 1 GB", "runs": 100, "failures": 50, "users": 8}
    said = [{**row, "error_code": "OUT_OF_MEMORY", "error_count": 40} for row in (whole, large)]
    return runs, said


@pytest.fixture
def learnt(suite: RunningCloud) -> None:
    """The model of those trims."""
    keep_model(learn_from(*rows_of_trims(), now()))


def plan(user: User, operation: str, *inputs: str, **params: Any) -> Any:
    body = {"kind": "operation", "inputs": {"operation": operation, "inputs": list(inputs), "params": params}}
    return user.post("/v1/jobs/plan", body)


def test_before_anything_is_learnt_it_says_so(editor: User, clip: str) -> None:
    firestore_client().collection("models").document("performance").delete()
    planned = plan(editor, "trim", clip, start=0.5, duration=1.0)
    assert planned.status_code == 200, planned.text
    assert planned.json() == {
        "kind": "operation",
        "operation": "trim",
        "container": "mp4",
        "expected": None,
        "costUsd": None,
        "unknown": "Nothing has been learnt yet: it takes a night, and operations that people have run.",
    }
    assert editor.get("/v1/performance").json() == {"card": None, "operations": [], "suggestions": []}


@pytest.mark.usefixtures("learnt")
def test_a_plan_tells_time_memory_and_cost_with_intervals(editor: User, clip: str) -> None:
    planned = plan(editor, "trim", clip, start=0.5, duration=1.0).json()
    seconds, cost = planned["expected"]["seconds"], planned["costUsd"]
    megabytes = editor.get(f"/v1/assets/{clip}").json()["size"] / 1e6
    assert seconds["usual"] == pytest.approx(megabytes, rel=0.15)
    assert seconds["low"] < seconds["usual"] < seconds["high"]
    assert cost["usual"] / seconds["usual"] == pytest.approx(cost["high"] / seconds["high"])
    assert planned["expected"]["memoryMb"]["usual"] == pytest.approx(100, rel=0.1)
    assert (planned["expected"]["users"], planned["unknown"]) == (10, None)
    other = plan(editor, "reverse", clip).json()
    assert (other["expected"], other["costUsd"]) == (None, None)
    assert other["unknown"].startswith("Nothing has been learnt of reverse yet")


@pytest.mark.usefixtures("learnt")
def test_an_expectation_tells_of_the_risk(editor: User) -> None:
    question = {"operation": "trim", "fileSize": 3_000_000_000, "inputFormat": "mp4", "outputFormat": "mp4"}
    told = editor.post("/v1/performance/expectations", question).json()
    assert told["expected"]["failure"]["rate"] == 0.5
    assert told["expected"]["risk"].startswith("size over 1 GB: 1")
    [suggestion] = [each for each in editor.get("/v1/performance").json()["suggestions"] if each["kind"] == "fails"]
    assert suggestion["text"].startswith("trim fails 50% of the time on sources of over 1 GB")
    assert (suggestion["runs"], suggestion["users"]) == (100, 8)


def test_what_cannot_be_planned_is_said_with_pointers(editor: User, clip: str) -> None:
    def pointers(answer: Any) -> set[str]:
        return {error["pointer"] for error in assert_problem(answer, 422)["errors"]}

    assert pointers(plan(editor, "trim", clip, start=-1)) == {"/inputs/params/start"}
    assert pointers(plan(editor, "trim", "nothing")) == {"/inputs/inputs/0"}
    assert_problem(plan(editor, "knit", clip), 404)
    assert pointers(editor.post("/v1/jobs/plan", {"kind": "knitting", "inputs": {}})) == {"/kind"}
    missing = editor.post("/v1/jobs/plan", {"kind": "operation", "inputs": {"operation": "trim"}})
    assert pointers(missing) == {"/inputs/inputs"}
    assert pointers(editor.post("/v1/jobs/plan", {"kind": "transcode", "inputs": {}})) == {"/inputs/assetId"}
