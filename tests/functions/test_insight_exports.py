"""Exports over HTTP: the figures of a page as a file, at once or in the background; as many as there are, and whose they are."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from firebase_admin import auth

from shared.core.clients import bigquery_client, firebase_app, firestore_client
from shared.core.ids import new_id
from tests.api import User, sign_up
from tests.cloud import RunningCloud
from tests.functions.test_shell import assert_problem
from tests.shared.told import operation, tell

HOUR = timedelta(hours=1)
START = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=60)
"""Nobody else tells events of then."""
STEPS = {"start": START.isoformat(), "end": (START + 3 * HOUR).isoformat(), "every": "hour", "of": "performance"}
EXPORT = "/v1/insights/export"
RATE = ["success_rate", "processing_time_p95"]


@pytest.fixture(scope="module")
def worker(suite: RunningCloud) -> User:
    """Who ran one operation in the first hour and two, of which one failed, in the second; five others did the same."""
    user = sign_up(suite)
    for uid in [user.uid, *(new_id() for _ in range(5))]:
        tell(uid, operation(START, ms=1000), operation(START + HOUR, ms=1000))
        tell(uid, operation(START + HOUR + timedelta(minutes=5), success=False, ms=2000))
    return user


@pytest.fixture(scope="module")
def analyst(suite: RunningCloud) -> Iterator[User]:
    """Somebody who may see everybody's figures."""
    user = sign_up(suite)
    auth.set_custom_user_claims(user.uid, {"roles": ["analyst"]}, app=firebase_app())
    yield user


def exported(user: User, **params: Any) -> requests.Response:
    answer = user.get(EXPORT, params={**STEPS, "kpi": RATE, **params})
    assert answer.status_code == 200, answer.text
    return answer


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_a_row_for_each_step_and_a_column_for_each_kpi(worker: User, analyst: User) -> None:
    answer = exported(analyst)
    found = rows(answer.text)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="kompo-performance-{START:%Y%m%d}' in answer.headers["Content-Disposition"]
    assert [datetime.fromisoformat(row["at"]) for row in found] == [START, START + HOUR, START + 2 * HOUR]
    assert [row["success_rate"] for row in found] == ["1.0", "0.5", ""], "nothing was run in the last hour"


def test_without_steps_there_is_a_row_for_each_kpi_and_what_it_is_made_of(worker: User, analyst: User) -> None:
    found = rows(exported(analyst, every="none", by="operation").text)
    rate = [row for row in found if row["kpi"] == "success_rate"]
    assert [(row["operation"], float(row["value"]), row["target"]) for row in rate] == [
        ("", pytest.approx(2 / 3), "0.995"),
        ("trim", pytest.approx(2 / 3), "0.995"),
    ]


def test_json_says_what_its_columns_are(worker: User, analyst: User) -> None:
    found = json.loads(exported(analyst, format="json").text)
    kinds = {column["name"]: column["kind"] for column in found["columns"]}
    assert kinds == {"at": "time", "success_rate": "ratio", "processing_time_p95": "seconds"}
    assert [row["success_rate"] for row in found["rows"]] == [1.0, 0.5, None]


def test_a_workbook_holds_the_figures_and_charts_that_excel_draws(worker: User, analyst: User) -> None:
    book = zipfile.ZipFile(io.BytesIO(exported(analyst, format="xlsx").content))
    names = book.namelist()
    assert sum(name.startswith("xl/charts/chart") for name in names) == len(RATE)
    assert any(b"<v>0.5</v>" in book.read(name) for name in names if name.startswith("xl/worksheets/sheet"))


def test_what_was_not_measured_has_no_chart_and_what_has_no_steps_has_those_of_its_course(
    worker: User, analyst: User
) -> None:
    kpis = {"kpi": ["success_rate", "quality_score"], "by": "operation", "format": "xlsx"}
    assert charts(exported(analyst, **kpis)) == 1
    assert charts(exported(analyst, **kpis, every="none")) == 2, "its course, and what it is made of"


def charts(answer: requests.Response) -> int:
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    return sum(name.startswith("xl/charts/chart") for name in names)


def test_a_pdf_is_one(worker: User, analyst: User) -> None:
    assert exported(analyst, format="pdf").content.startswith(b"%PDF-")


def test_one_exports_ones_own(worker: User, stranger: User) -> None:
    assert [row["success_rate"] for row in rows(exported(worker, kpi="success_rate").text)] == ["1.0", "0.5", ""]
    assert [row["success_rate"] for row in rows(exported(stranger, kpi="success_rate").text)] == ["", "", ""]
    assert_problem(worker.get(EXPORT, params={"of": "alerts"}), 403)


def test_what_is_too_large_to_be_answered_at_once_is_made_in_the_background(worker: User, analyst: User) -> None:
    long = {**STEPS, "start": (START - timedelta(days=40)).isoformat(), "every": "minute", "kpi": ["success_rate"]}
    problem = assert_problem(analyst.get(EXPORT, params=long), 413)
    assert "57,780 rows" in problem["detail"]
    wide = {**long, "start": (START - timedelta(days=25)).isoformat(), "kpi": [], "format": "pdf"}
    assert "36,180 rows" in assert_problem(analyst.get(EXPORT, params=wide), 413)["detail"]
    accepted = analyst.post(EXPORT, long)
    assert accepted.status_code == 202, accepted.text
    made = analyst.settled(accepted.headers["Location"], "state", {"succeeded", "failed"}, seconds=120)
    assert (made["state"], made["rows"], made["error"]) == ("succeeded", 57_780, None)
    file = requests.get(made["url"], timeout=30)
    assert len(file.content) == made["size"]
    found = {row["at"]: row["success_rate"] for row in rows(file.text) if row["success_rate"]}
    assert found == {START.isoformat(): "1.0", (START + HOUR).isoformat(): "1.0", told_late(): "0.0"}
    assert_problem(worker.get(accepted.headers["Location"]), 404)
    job = firestore_client().document(f"users/{analyst.uid}/jobs/{made['id']}")
    job.update({"finished": datetime.now(UTC) - timedelta(days=7)})
    gone = analyst.get(accepted.headers["Location"]).json()
    assert (gone["state"], gone["url"], gone["expires"]) == ("succeeded", None, None), "its bucket keeps it no longer"


def test_changes_of_alerts_are_exported_of_the_kpis_named_and_what_they_have_not_is_refused(analyst: User) -> None:
    at, alert = START + 2 * HOUR, new_id()
    told = {"alert_id": alert, "rule_id": "slow", "source": "kpi", "kpi": "success_rate", "condition": "breached"}
    told |= {"severity": "warning", "labels": '{"platform": "mcp"}', "made_by": "system", "threshold": 0.95}
    steps = [(at, None, "pending"), (at + timedelta(days=9), "pending", "firing")]
    history = [
        {**told, "transition_id": f"{alert}/{after}", "at": moment.isoformat(), "started_at": at.isoformat()}
        | {"before": before, "after": after}
        for moment, before, after in steps
    ]
    assert bigquery_client().insert_rows_json("kompo.alert_history", [*history, history[0]]) == []
    asked = {"of": "alerts", "every": "none", "kpi": "success_rate", "end": (at + timedelta(days=20)).isoformat()}
    found = [row for row in rows(exported(analyst, **asked).text) if row["alert_id"] == alert]
    assert [(row["after"], row["labels"]) for row in found] == [("firing", "platform=mcp"), ("pending", "platform=mcp")]
    assert alert not in exported(analyst, **{**asked, "kpi": "cost"}).text
    for wrong in ({"by": "plan"}, {"platform": "mcp"}, {"every": "hour"}, {"kpi": "no_such_kpi"}):
        assert_problem(analyst.get(EXPORT, params={**STEPS, **asked, **wrong}), 422)


def test_trends_are_exported_with_what_is_to_come(worker: User, analyst: User) -> None:
    month = {"of": "trends", "start": (START - timedelta(days=30)).isoformat(), "every": "day", "kpi": "operations"}
    found = rows(exported(analyst, **month).text)
    assert [row["what"] for row in found].count("measured") >= 28
    steps = [row for row in found if row["what"] == "expected"]
    assert len(steps) == 14
    assert all(float(row["low"]) <= float(row["value"]) <= float(row["high"]) for row in steps)
    book = zipfile.ZipFile(io.BytesIO(exported(analyst, **month, format="xlsx").content))
    assert any(name.startswith("xl/charts/chart") for name in book.namelist())


def told_late() -> str:
    return (START + HOUR + timedelta(minutes=5)).isoformat()


def test_an_export_that_cannot_be_made_is_refused_at_once(analyst: User) -> None:
    assert_problem(analyst.post(EXPORT, {**STEPS, "kpi": ["no_such_kpi"]}), 422)
    assert_problem(analyst.post(EXPORT, {**STEPS, "format": "docx"}), 422)
    assert_problem(analyst.get(f"{EXPORT}/{new_id()}"), 404)
