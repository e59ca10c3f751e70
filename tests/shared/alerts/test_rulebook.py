"""Rules are checked before they are kept, every version stays, and two writers do not lose each other's work."""

from collections.abc import Iterator

import pytest

from shared.alerts import (
    AlertRule,
    Comparison,
    InvalidRule,
    default_rules,
    delete_rule,
    get_rule,
    list_rules,
    rule_versions,
    save_rule,
)
from shared.core.clients import firestore_client
from shared.core.errors import NotFound, PreconditionFailed
from tests.cloud import RunningCloud

QUERY = """SELECT platform, COUNTIF(NOT metrics.success) / COUNT(*) AS value, COUNT(*) AS samples
FROM deduplicated_events
WHERE occurred_at >= @start AND occurred_at < @end
GROUP BY platform"""


@pytest.fixture(autouse=True)
def no_rules(cloud: RunningCloud) -> Iterator[None]:
    firestore_client().recursive_delete(firestore_client().collection("alert_rules"))
    yield


def rule(**fields: object) -> AlertRule:
    watched = {} if {"kpi", "sql", "system"} & fields.keys() else {"kpi": "success_rate"}
    usual = {"id": "mine", "name": "Mine", "comparison": Comparison.BELOW, "threshold": 0.9, "window": 30}
    return AlertRule.model_validate({**usual, **watched, **fields})


def if_match(etag: str | None) -> object:
    def check(current: str | None) -> None:
        if current != etag:
            raise PreconditionFailed("changed")

    return check


def test_every_version_is_kept_with_who_wrote_it() -> None:
    first, new = save_rule(rule(), "ann")
    assert (first.version, new) == (1, True)
    second, new = save_rule(rule(threshold=0.8), "bob", if_match(first.etag))
    assert (second.version, new, second.created_by, second.modified_by) == (2, False, "ann", "bob")
    assert save_rule(rule(threshold=0.8), "cas")[0] == second, "saved as it was, it stays the same version"
    with pytest.raises(PreconditionFailed):
        save_rule(rule(threshold=0.7), "cas", if_match(first.etag))
    delete_rule("mine", "cas", if_match(second.etag))
    with pytest.raises(NotFound):
        get_rule("mine")
    again, new = save_rule(rule(), "ann", if_match(None))
    assert (again.version, new) == (4, True)
    newest = rule_versions("mine", 3)
    oldest = rule_versions("mine", 3, newest.next_page_token)
    told = [(each.version, each.rule.threshold, each.deleted) for each in newest.items + oldest.items]
    assert told == [(4, 0.9, False), (3, 0.8, True), (2, 0.8, False), (1, 0.9, False)]


def test_a_default_rule_that_is_withdrawn_stays_so_and_one_that_is_changed_has_a_first_version() -> None:
    delete_rule("conversion-drop", "ann")
    slow = get_rule("slow-generation").rule
    save_rule(slow.model_copy(update={"threshold": 120.0}), "ann")
    listed = list_rules(100).items
    assert {each.rule.id for each in listed} == {each.id for each in default_rules()} - {"conversion-drop"}
    assert [each.rule.threshold for each in rule_versions("slow-generation", 10).items] == [120.0, 90.0]


def test_rules_are_paged_by_their_ids() -> None:
    first = list_rules(3)
    rest = list_rules(100, first.next_page_token)
    ids = [each.rule.id for each in first.items + rest.items]
    assert ids == sorted(each.id for each in default_rules())


@pytest.mark.parametrize(
    ("fields", "pointer", "said"),
    [
        ({"kpi": "sucess_rate"}, "/kpi", "Did you mean success_rate?"),
        ({"labels": ("plattform",)}, "/labels/0", "Did you mean platform?"),
        ({"kpi": "queue_length", "labels": ("platform",)}, "/labels/0", "cannot be told by platform"),
        ({"system": "evaluation_delay", "labels": ("platform",)}, "/labels", "a whole"),
        ({"system": "evaluation_delay", "window": 600}, "/window", "120 minutes"),
        (
            {"sql": "SELECT 1 AS value FROM event WHERE occurred_at BETWEEN @start AND @end"},
            "/sql",
            "Did you mean events?",
        ),
        ({"sql": QUERY}, "/sql", "The column platform is neither"),
        ({"sql": QUERY, "labels": ("platform", "provider")}, "/sql", "gives no column provider"),
        (
            {"sql": QUERY.replace("COUNT(*) AS samples", "'x' AS samples"), "labels": ("platform",)},
            "/sql",
            "must be a number",
        ),
        (
            {"sql": QUERY.replace(", COUNT(*) AS samples", ""), "labels": ("platform",), "min_samples": 5},
            "/sql",
            "no column samples",
        ),
        (
            {"sql": QUERY.replace("metrics.success", "metrics.sucess"), "labels": ("platform",)},
            "/sql",
            "BigQuery refuses it",
        ),
    ],
)
def test_a_rule_that_could_never_say_anything_is_refused_with_the_reason(
    fields: dict[str, object], pointer: str, said: str
) -> None:
    with pytest.raises(InvalidRule) as refused:
        save_rule(rule(**fields), "ann")
    assert [(error.pointer, said in error.detail) for error in refused.value.errors] == [(pointer, True)]
    with pytest.raises(NotFound):
        get_rule("mine")


def test_a_query_over_the_dataset_is_kept() -> None:
    edition, _ = save_rule(rule(sql=QUERY, labels=("platform",), min_samples=10), "ann")
    assert get_rule("mine").rule == edition.rule
