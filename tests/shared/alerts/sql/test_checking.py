"""What the text of a rule's query tells: one SELECT over the dataset, from @start to @end, and nothing else."""

import pytest

from shared.alerts.sql import check_sql

TABLES = ("events", "ingest_outcomes", "alert_history")
GOOD = """SELECT platform, COUNTIF(NOT metrics.success) / COUNT(*) AS value, COUNT(*) AS samples
FROM deduplicated_events
WHERE occurred_at >= @start AND occurred_at < @end
GROUP BY platform"""


@pytest.mark.parametrize(
    "sql",
    [
        GOOD,
        f"WITH told AS ({GOOD}) SELECT platform, value FROM told",
        "SELECT SUM(events) AS value FROM ingest_outcomes AS o WHERE o.minute >= @start AND o.minute < @end",
        "SELECT 1 AS value FROM UNNEST(GENERATE_TIMESTAMP_ARRAY(@start, @end, INTERVAL 1 DAY))",
        f"{GOOD} -- up to @end; DROP TABLE events",
        "SELECT 'DELETE FROM events' AS label, 1 AS value FROM events WHERE occurred_at BETWEEN @start AND @END",
    ],
)
def test_a_select_over_the_dataset_is_fine(sql: str) -> None:
    assert check_sql(sql, TABLES) == []


@pytest.mark.parametrize(
    ("sql", "code", "said"),
    [
        ("SELECT FROM WHERE", "syntax", "line 1, column 17"),
        ("SELECT 1 AS value; SELECT 2", "not_one_select", "one SELECT"),
        ("DELETE FROM events WHERE occurred_at BETWEEN @start AND @end", "not_one_select", "only reads"),
        ("EXPORT DATA OPTIONS(uri = 'gs://x/*') AS SELECT 1", "not_one_select", "only reads"),
        ("SELECT COUNT(*) AS value FROM events", "no_period", "@start"),
        (f"{GOOD} HAVING COUNT(*) > @least", "unknown_parameter", "@least"),
        (GOOD.replace("deduplicated_events", "event"), "unknown_table", "Did you mean events?"),
        (GOOD.replace("deduplicated_events", "`other.secrets.keys`"), "outside", "other.secrets.keys"),
        (GOOD.replace("deduplicated_events", "INFORMATION_SCHEMA.TABLES"), "unknown_table", "INFORMATION_SCHEMA"),
        (GOOD.replace("deduplicated_events", "EXTERNAL_QUERY('us.sql', 'SELECT 1')"), "table_function", "no function"),
        (GOOD.replace("@end", "CURRENT_TIMESTAMP()") + " LIMIT @end", "clock", "Use @end"),
        (GOOD.replace("COUNT(*) AS samples", "RAND() AS samples"), "not_repeatable", "RAND"),
        (GOOD.replace("COUNT(*) AS samples", "mine.count(1) AS samples"), "foreign_function", "COUNT"),
    ],
)
def test_anything_else_is_refused_with_the_reason_and_where(sql: str, code: str, said: str) -> None:
    errors = {error.code: error for error in check_sql(sql, TABLES)}
    assert code in errors, errors
    assert said in errors[code].detail
    assert errors[code].pointer == "/sql"


def test_the_place_is_told_of_a_table_that_is_not_there() -> None:
    [error] = check_sql(GOOD.replace("deduplicated_events", "happenings"), TABLES)
    assert error.detail.startswith("Line 2, column ")
