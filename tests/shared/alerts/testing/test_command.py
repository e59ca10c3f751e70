"""`python -m shared.alerts test`: what is as expected passes, what is not is told, what makes no sense is refused."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared.alerts import AlertRule
from shared.alerts.__main__ import main
from shared.alerts.testing import InvalidScenarios, read_scenarios
from tests.cloud import ROOT

HERE = Path(__file__).parent
RULE = """
rules:
  - {id: slow, name: Slow, kpi: generation_time, comparison: above, threshold: 90, window: 15, hold: 2, labels: [platform]}
"""
TEST = """
tests:
  - name: by platform
    series:
      - {kpi: generation_time, labels: {platform: mcp}, values: 100x5}
      - {kpi: generation_time, labels: {platform: webapp}, values: 100 80x4}
    expect:
      - at: 2m
        alerts: [{rule: slow, labels: {platform: mcp}, state: %s, value: 100}]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "rules.yaml"
    path.write_text(text)
    return path


def test_the_default_rules_keep_what_they_promise() -> None:
    run = [sys.executable, "-m", "shared.alerts", "test", str(HERE / "default_rules.yaml")]
    done = subprocess.run(run, capture_output=True, text=True, timeout=60, env={"PATH": ""})
    assert (done.returncode, done.stderr) == (0, "")
    assert "9 of 9 tests passed" in done.stdout


def test_every_label_value_is_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(written(tmp_path, RULE + TEST % "firing"))]) == 0
    assert "1 of 1 tests passed" in capsys.readouterr().out


def test_what_is_not_as_expected_is_told_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, RULE + TEST % "pending")
    assert main(["test", str(path)]) == 1
    told = capsys.readouterr().out
    assert "expected, and not there: slow{platform=mcp} pending at 100" in told
    assert "there, and not expected: slow{platform=mcp} firing at 100" in told
    assert main(["test", "--json", str(path)]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["failed"] == 1
    assert result["tests"][0]["differences"][0]["at"] == "2m"


def test_a_count_of_nothing_is_read_as_it_is_live(tmp_path: Path) -> None:
    rule = "rules: [{id: f, name: F, kpi: failures, comparison: above, threshold: 1, window: 5, onNoData: keep}]\n"
    series = '[{kpi: failures, values: "5 0", samples: 0}]'
    ends = "[{at: 0m, alerts: [{rule: f, state: firing}]}, {at: 1m, alerts: [{rule: f, state: resolved}]}]"
    path = written(tmp_path, f"{rule}tests: [{{name: they stop, series: {series}, expect: {ends}}}]")
    assert main(["test", str(path)]) == 0


def test_evaluations_further_apart_than_a_minute(tmp_path: Path) -> None:
    text = (RULE + TEST % "firing").replace("    series:", "    interval: 5m\n    series:").replace("at: 2m", "at: 10m")
    assert main(["test", str(written(tmp_path, text))]) == 0


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (("100x5", "100y5"), "/tests/0/series/0/values"),
        (("at: 2m", "at: soon"), "/tests/0/expect/0/at"),
        (("rule: slow", "rule: fast"), ""),
        (("kpi: generation_time, labels", "kpi: happiness, labels"), ""),
        (("platform: mcp}, values", "country: no}, values"), ""),
        (("threshold: 90", "threshold: many"), "/rules/0/threshold"),
        (("    expect:", "    expects:"), "/tests/0/expects"),
        (("at: 2m", "at: 3m\n        when: now"), "/tests/0/expect/0/when"),
        (("tests:", "tests: ["), ""),
        (("    expect:", "    expect: []\n    expect:"), ""),
        (("    series:", "    interval: 90s\n    series:"), "/tests/0"),
        (("platform: webapp}, values", "platform: mcp}, values"), ""),
        (("    expect:", "    until: 99999d\n    expect:"), "/tests/0"),
        (("    expect:", "    until: 90d\n    expect:"), "/tests/0"),
        (("    series:", "    start: 9999-12-31 23:59:00\n    series:"), "/tests/0"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], pointer: str) -> None:
    path = written(tmp_path, (RULE + TEST % "firing").replace(*change))
    with pytest.raises(InvalidScenarios) as refused:
        read_scenarios(path)
    assert pointer in [error.pointer for error in refused.value.errors] or not pointer
    assert main(["test", str(path)]) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("kpi: generation_time", "kpi: generation_tme"), "rule slow: No KPI is named generation_tme. Did you mean"),
        (("platform", "plattform"), "Did you mean platform?"),
        (("hold: 2", "forr: 2m"), "/rules/0/forr: this is not known here; docs/alerting.md says"),
    ],
)
def test_a_rule_that_could_not_be_kept_is_not_tested_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: tuple[str, str], told: str
) -> None:
    assert main(["test", str(written(tmp_path, (RULE + TEST % "firing").replace(*change)))]) == 2
    assert told in capsys.readouterr().err


MCP = "{kpi: generation_time, labels: {platform: mcp}, values: 100x5}"


@pytest.mark.parametrize(
    "change",
    [
        ("values: 100x5", "values: [100x2, 100, 1e2, 100]"),
        (
            f"- {MCP}",
            "- kpi: generation_time\n        labels: {platform: mcp}\n        values: >-\n          100x2\n\n          100x2",
        ),
        (MCP, "{<<: {kpi: success_rate, labels: {platform: mcp}}, kpi: generation_time, values: 100x5}"),
        (f"- {MCP}", f"- &mcp {MCP}"),
        ("values: 100x5", "'values': \"100x5\""),
        ("at: 2m", "at: 120s"),
        ("\n", "\r\n"),
        ("\nrules:", "\ufeff---\nrules:"),
    ],
)
def test_yaml_may_be_written_in_many_ways(tmp_path: Path, change: tuple[str, str]) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes((RULE + TEST % "firing").replace(*change).encode())
    assert main(["test", str(path)]) == 0


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", str(tmp_path / "nothing.yaml")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert main([]) == 2


def test_the_example_of_the_page_passes(tmp_path: Path) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "alerting.md").read_text(), re.DOTALL)
    assert main(["test", str(written(tmp_path, example))]) == 0


def test_the_page_tells_every_field_of_a_rule() -> None:
    page = (ROOT / "docs" / "alerting.md").read_text()
    fields = {field.alias or name for name, field in AlertRule.model_fields.items()} - {"id", "name", "description"}
    assert [name for name in sorted(fields) if f"`{name}`" not in page] == []
