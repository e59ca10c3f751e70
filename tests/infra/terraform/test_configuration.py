"""Terraform deploys the manifest, all of it and nothing else. Needs no provider, no project and no network."""

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from infra import manifest
from infra.manifest import ROOT, load_suite
from tests.infra.terraform.configuration import FOLDER, declared, files, referred

TERRAFORM = shutil.which("terraform")
needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not installed")
PARTS = (
    manifest.Function,
    manifest.Job,
    manifest.Gpu,
    manifest.Subscription,
    manifest.DeadLetter,
    manifest.Schedule,
    manifest.Bucket,
    manifest.LifecycleRule,
    manifest.Partition,
    manifest.Table,
    manifest.Secret,
    manifest.HttpTrigger,
    manifest.StorageTrigger,
    manifest.PubsubTrigger,
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_of_the_manifest_is_read(part: type[BaseModel]) -> None:
    text = files(FOLDER / "manifest")["main.tf"]
    for key in part.model_fields:
        assert re.search(rf"\b{key}\b", text), f"{part.__name__}.{key}"


@pytest.mark.parametrize("group", [key for key in manifest.Suite.model_fields if key != "indexes"])
def test_every_group_of_the_manifest_is_deployed(group: str) -> None:
    assert any(f"module.manifest.{group}" in text for text in files().values())


def test_what_the_manifest_module_says_about_each_entry_is_used() -> None:
    """A key that is read and then dropped would be a setting without effect. Push subscriptions and schedules know their
    function; that a function knows them too is for people."""
    used = "\n".join(files().values())
    known_elsewhere = {"subscriptions", "schedule"}
    for output in ("functions", "jobs", "subscriptions", "schedules", "buckets", "tables", "secrets"):
        for entry in evaluated()[output].values():
            for key in entry.keys() - known_elsewhere:
                assert re.search(rf"\.{key}\b", used), f"{output}.{key}"


def test_no_name_that_the_manifest_declares_is_written_again() -> None:
    suite = load_suite()
    groups = (
        suite.functions,
        suite.jobs,
        suite.topics,
        suite.subscriptions,
        suite.schedules,
        suite.tables,
        suite.secrets,
    )
    # "api" is also the name of a service account.
    names = {entry.name for group in groups for entry in group} - {"api", "events"}
    for file, text in files().items():
        strings = set(re.findall(r'"([^"$]*)"', text))
        assert not strings & names, file


@pytest.mark.parametrize("folder", [FOLDER, FOLDER / "manifest"], ids=lambda folder: folder.name)
def test_everything_referred_to_is_declared(folder: Path) -> None:
    assert referred(folder) - declared(folder) == set()


def test_every_variable_and_local_is_used() -> None:
    known = {name for name in declared() if name.startswith(("var.", "local."))}
    assert known - referred() == set()


def test_everything_a_function_ships_is_text_that_the_archive_takes() -> None:
    shipped = re.findall(r"\*\.\{([\w,]+)\}", files()["functions.tf"])
    assert shipped
    endings = {f".{ending}" for ending in shipped[0].split(",")}
    listed = subprocess.run(
        ["git", "ls-files", "functions", "shared"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {Path(name).suffix for name in listed.stdout.split()} <= endings


def test_the_jobs_images_are_there() -> None:
    for job in load_suite().jobs:
        dockerfile = ROOT / job.image
        assert 'ENTRYPOINT ["python", "-m", "jobs"]' in dockerfile.read_text()
        assert dockerfile.name.endswith(".Dockerfile")


@needs_terraform
def test_the_configuration_is_formatted() -> None:
    subprocess.run([str(TERRAFORM), "fmt", "-check", "-diff", "-recursive", str(FOLDER)], check=True)


@needs_terraform
def test_terraform_reads_the_manifest_as_python_does() -> None:
    suite, read = load_suite(), evaluated()
    assert read["region"] == suite.region
    assert read["dataset"] == suite.dataset
    assert set(read["topics"]) == {topic.name for topic in suite.topics}
    for group in ("jobs", "subscriptions", "schedules", "buckets", "secrets"):
        expected = {entry.name: entry.model_dump(exclude={"name"}) for entry in getattr(suite, group)}
        assert read[group] == expected, group
    assert read["functions"] == {function.name: _function(function) for function in suite.functions}
    assert read["tables"] == {
        table.name: table.model_dump(exclude={"name"}) | {"schema": str(table.schema_path)} for table in suite.tables
    }


@needs_terraform
def test_every_index_and_field_of_firestore_is_deployed() -> None:
    wanted = json.loads((ROOT / load_suite().indexes).read_text())
    read = evaluated()
    assert len(read["indexes"]) == len(wanted["indexes"])
    for index in wanted["indexes"]:
        fields = [
            {"path": field["fieldPath"], "order": field.get("order"), "array_config": field.get("arrayConfig")}
            for field in index["fields"]
        ]
        as_read = {"collection": index["collectionGroup"], "query_scope": index["queryScope"], "fields": fields}
        assert as_read in read["indexes"].values()
    expiring = {(f["collectionGroup"], f["fieldPath"]) for f in wanted["fieldOverrides"] if f.get("ttl")}
    assert {(f["collection"], f["path"]) for f in read["fields"].values() if f["ttl"]} == expiring


def _function(function: manifest.Function) -> dict[str, Any]:
    trigger = function.trigger
    return function.model_dump(exclude={"name", "trigger"}) | {
        "http": trigger.http.model_dump() if trigger.http else None,
        "storage": trigger.storage.model_dump() if trigger.storage else None,
        "subscriptions": trigger.pubsub.subscriptions if trigger.pubsub else [],
        "schedule": trigger.schedule,
    }


@cache
def evaluated() -> dict[str, Any]:
    """What the manifest module puts out, evaluated by Terraform itself (it needs no provider)."""
    if TERRAFORM is None:
        pytest.skip("terraform is not installed")
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(FOLDER / "manifest" / "main.tf", folder)
        for command in (["init", "-input=false"], ["apply", "-auto-approve", "-input=false", f"-var=root={ROOT}"]):
            subprocess.run([str(TERRAFORM), *command], cwd=folder, check=True, capture_output=True)
        output = subprocess.run([str(TERRAFORM), "output", "-json"], cwd=folder, check=True, capture_output=True)
    return {name: value["value"] for name, value in json.loads(output.stdout).items()}
