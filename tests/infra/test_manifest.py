"""The manifest declares what is there, all of it, and a manifest that does not hold together is refused."""

import copy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from infra.manifest import ROOT, SUITE, Suite, load_suite
from shared.jobs.files import BUCKET, KEPT

Change = Callable[[dict[str, Any]], None]


def _modules(folder: str) -> set[str]:
    return {path.stem for path in (ROOT / folder).glob("*.py") if not path.stem.startswith("_")}


def test_the_manifest_is_valid() -> None:
    assert load_suite().functions


def test_functions_and_their_files_are_the_same() -> None:
    suite = load_suite()
    assert {function.name for function in suite.functions} == _modules("functions")
    assert {function.source for function in suite.functions} == {f"functions/{f.name}.py" for f in suite.functions}


def test_every_job_has_its_module() -> None:
    assert {job.args[0] for job in load_suite().jobs} <= _modules("jobs")


def test_every_file_that_is_named_is_there() -> None:
    suite = load_suite()
    named = (
        {job.image for job in suite.jobs} | {function.requirements for function in suite.functions} | {suite.indexes}
    )
    assert {name for name in named if not (ROOT / name).is_file()} == set()


def test_tables_and_their_schemas_are_the_same() -> None:
    schemas = {path.stem for path in (ROOT / "infra" / "bigquery").glob("*.json")}
    assert schemas == {table.name for table in load_suite().tables}


def test_tables_are_partitioned_and_clustered_by_columns_they_have() -> None:
    for table in load_suite().tables:
        columns = {column["name"] for column in yaml.safe_load(table.schema_path.read_text())}
        used = {*table.cluster, *([table.partition.field] if table.partition else [])}
        assert used <= columns, table.name


def _function(suite: dict[str, Any], name: str) -> dict[str, Any]:
    return next(function for function in suite["functions"] if function["name"] == name)


BAD: dict[str, tuple[Change, str]] = {
    "an unknown key": (lambda s: s["functions"][0].update(memroy="1Gi"), "functions.0.memroy"),
    "an unknown group": (lambda s: s.update(queues=[]), "queues"),
    "two triggers": (lambda s: s["functions"][1]["trigger"].update(http={}), "functions.1.trigger"),
    "no trigger": (lambda s: s["functions"][1].update(trigger={}), "functions.1.trigger"),
    "a missing key": (lambda s: s["functions"][2].pop("timeout"), "functions.2.timeout"),
    "memory without a unit": (lambda s: s["jobs"][0].update(memory="8"), "jobs.0.memory"),
    "too few attempts": (lambda s: s["subscriptions"][0]["dead_letter"].update(max_attempts=4), "max_attempts"),
    "an unknown topic": (
        lambda s: s["subscriptions"][0].update(topic="nowhere"),
        "start-job-high: no topic is named nowhere",
    ),
    "an unknown dead-letter topic": (
        lambda s: s["subscriptions"][0]["dead_letter"].update(topic="nowhere"),
        "start-job-high: no topic is named nowhere",
    ),
    "a push to an unknown function": (
        lambda s: s["subscriptions"][0].update(push="nobody"),
        "start-job-high: no function is named nobody",
    ),
    "a push to another function": (
        lambda s: s["subscriptions"][0].update(push="api"),
        "start_job: subscription start-job-high does not push to it",
    ),
    "an unknown bucket": (
        lambda s: _function(s, "register_upload")["trigger"]["storage"].update(bucket="attic"),
        "register_upload: no bucket is named attic",
    ),
    "an unknown schedule": (
        lambda s: _function(s, "sweep_jobs").update(trigger={"schedule": "never"}),
        "sweep_jobs: no schedule is named never",
    ),
    "a schedule of an unknown function": (
        lambda s: s["schedules"][0].update(function="nobody"),
        "publish-outbox: no function is named nobody",
    ),
    "a name given twice": (lambda s: s["topics"].append({"name": "events"}), "declared twice: events"),
}


def test_files_of_jobs_are_told_of_as_long_as_their_bucket_keeps_them() -> None:
    [exports] = [bucket for bucket in load_suite().buckets if bucket.name == BUCKET]
    [rule] = [rule for rule in exports.lifecycle if rule.prefix == "users/"]
    assert (rule.action, timedelta(days=rule.age_days)) == ("delete", KEPT)


@pytest.mark.parametrize(("change", "named"), BAD.values(), ids=BAD)
def test_a_bad_manifest_is_refused_and_the_entry_named(change: Change, named: str, tmp_path: Path) -> None:
    suite = copy.deepcopy(yaml.safe_load(SUITE.read_text()))
    change(suite)
    path = tmp_path / "suite.yaml"
    path.write_text(yaml.safe_dump(suite))
    with pytest.raises(ValidationError) as refused:
        load_suite(path)
    assert named in str(refused.value)


def test_the_manifest_cannot_be_changed_by_who_reads_it() -> None:
    with pytest.raises(ValidationError):
        load_suite().region = "elsewhere"  # type: ignore[misc]
    assert isinstance(load_suite(), Suite)
