"""`python -m shared.alerts test` of who is told: what is as expected passes, what is not is told in words."""

import re
from pathlib import Path

import pytest

from shared.alerts.__main__ import main
from shared.alerts.routing import Route
from shared.alerts.testing import InvalidScenarios, read_scenarios
from tests.cloud import ROOT

PAGE = (ROOT / "docs" / "escalation.md").read_text()
RULES = """
rules:
  - {id: slow, name: Slow, kpi: generation_time, comparison: above, threshold: 90, window: 15, labels: [platform]}
routing: {route: {notify: [{channel: ops}], groupWait: 0s}}
"""
TEST = """
tests:
  - name: told
    series: [{kpi: generation_time, labels: {platform: mcp}, values: 100x9}]
    until: 9m
    notifications: [%s]
"""
RIGHT = "{at: 0m, to: [ops], firing: [{rule: slow, labels: {platform: mcp}}]}"


def written(folder: Path, text: str) -> str:
    path = folder / "alerts.yaml"
    path.write_text(text)
    return str(path)


def test_the_example_of_the_page_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert main(["test", written(tmp_path, example)]) == 0, capsys.readouterr().out
    assert "5 of 5 tests passed" in capsys.readouterr().out


def test_the_page_tells_every_field_of_a_route() -> None:
    fields = {field.alias or name for name, field in Route.model_fields.items()} - {"routes"}
    assert [name for name in sorted(fields) if f"`{name}`" not in PAGE] == []


def test_what_is_as_expected_passes(tmp_path: Path) -> None:
    assert main(["test", written(tmp_path, RULES + TEST % RIGHT)]) == 0


@pytest.mark.parametrize("at", ["2m30s", "3m"])
def test_a_group_that_waits_is_told_between_two_evaluations(tmp_path: Path, at: str) -> None:
    """At its own time, or by the evaluation after it; no earlier and no later."""
    rules = RULES.replace("groupWait: 0s", "groupWait: 2m30s")
    assert main(["test", written(tmp_path, rules + TEST % RIGHT.replace("0m", at))]) == 0
    for wrong in ("2m29s", "2m31s", "2m", "4m"):
        assert main(["test", written(tmp_path, rules + TEST % RIGHT.replace("0m", wrong))]) == 1


def test_who_takes_an_alert_between_two_evaluations_is_asked_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = "[{targets: [{channel: first}], wait: 90s}, {targets: [{channel: second}], wait: 90s}]"
    policy = f"policies: [{{id: p, name: P, steps: {steps}}}]"
    rules = f"{RULES.replace('notify: [{channel: ops}], groupWait: 0s', 'policy: p, groupWait: 0s')}{policy}"
    expected = "{at: 0m, to: [first], kind: escalation}%s"
    told = expected % ", {at: 1m30s, to: [second], kind: escalation}"
    assert main(["test", written(tmp_path, rules + TEST % told)]) == 0, capsys.readouterr().out
    taken = "acknowledged: [{at: 1m20s, rule: slow, labels: {platform: mcp}}]\n    until"
    assert main(["test", written(tmp_path, rules + (TEST % expected % "").replace("until", taken))]) == 0


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (
            RIGHT.replace("ops", "nobody-else"),
            "expected, and not there: nobody-else is told (firing): slow{platform=mcp} fires",
        ),
        (RIGHT.replace("mcp", "api"), "there, and not expected: ops is told (firing): slow{platform=mcp} fires"),
        (RIGHT.replace("at: 0m", "at: 1m"), "at 1m:"),
        (RIGHT.replace("to: [ops]", "to: [ops], kind: resolved"), "ops is told (resolved)"),
        ("", "there, and not expected: ops is told (firing)"),
    ],
)
def test_what_is_not_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: str, told: str
) -> None:
    assert main(["test", written(tmp_path, RULES + TEST % expected)]) == 1
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (("channel: ops", "chanel: ops"), "/routing/route/notify/0/chanel"),
        (("groupWait: 0s", "groupWait: soon"), "/routing/route/groupWait"),
        (("at: 0m", "at: 30"), "/tests/0/notifications/0/at"),
        (("to: [ops]", "to: [ops], kind: loud"), "/tests/0/notifications/0/kind"),
        (("rule: slow", "rule: fast"), ""),
        (
            ("until: 9m", "until: 9m\n    silences: [{matchers: [rule], at: 0m, until: 1m}]"),
            "/tests/0/silences/0/matchers/0",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], pointer: str) -> None:
    path = written(tmp_path, (RULES + TEST % RIGHT).replace(*change))
    with pytest.raises(InvalidScenarios) as refused:
        read_scenarios(Path(path))
    assert pointer in [error.pointer for error in refused.value.errors]


ANN = "contacts: [{id: ann, name: Ann}]"


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("routing: {route: {policy: video}}", "there is no policy video"),
        ("routing: {route: {notify: [{person: ann}]}}", "there is no person ann"),
        (
            "routing: {route: {routes: [{matchers: [rule = slow], notify: [{schedule: duty}]}]}}",
            "there is no schedule duty",
        ),
        ("policies: [{id: p, name: P, steps: [{targets: [{person: ann}]}]}]", "there is no person ann"),
        (
            "schedules: [{id: d, name: D, layers: [{name: l, people: [ann, bob], startsOn: 2026-01-05}]}]\n" + ANN,
            "there is no person bob",
        ),
        ("contacts: [{id: ann, name: Ann}, {id: ann, name: Anne}]", "`contacts` has ann twice"),
    ],
)
def test_whom_the_file_does_not_have_or_has_twice_is_refused(tmp_path: Path, rest: str, reason: str) -> None:
    rules = RULES.splitlines()[:3]
    with pytest.raises(InvalidScenarios, match=reason):
        read_scenarios(Path(written(tmp_path, "\n".join([*rules, rest]) + TEST % RIGHT)))


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    rule = RULES.splitlines()[2]
    with pytest.raises(InvalidScenarios, match="`rules` has slow twice"):
        read_scenarios(Path(written(tmp_path, RULES.replace(rule, f"{rule}\n{rule}") + TEST % RIGHT)))


def test_that_nobody_is_told_is_expected_up_to_a_time(tmp_path: Path) -> None:
    text = (RULES + TEST % "").replace("    until: 9m\n", "")
    assert main(["test", written(tmp_path, text)]) == 2
