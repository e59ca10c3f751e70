-- What was run in [@start, @end), one row a group: the whole, each operation, each error; the @limit most frequent of each kind.
-- @users limits to the events of these hashes, unless @everybody. Across users a group shows only if it is k-anonymous; how many
-- did not is the row `withheld`.
WITH told AS (
  SELECT
    IF(event_type = 'operation', operation_type, NULL) AS operation,
    metrics.processing_time AS processing_time,
    CASE
      WHEN event_type = 'error' OR metrics.success = FALSE THEN COALESCE(metrics.error_code, 'unknown')
    END AS error,
    user_id,
    salt_version
  FROM ${deduplicated_events}
  WHERE event_type IN ('operation', 'error') AND (@everybody OR user_id IN UNNEST(@users))
),
kinds AS (
  SELECT kind.section, kind.label, told.*
  FROM told
  CROSS JOIN UNNEST([
    STRUCT('total' AS section, IF(operation IS NULL, NULL, '') AS label),
    STRUCT('operation' AS section, operation AS label),
    STRUCT('error' AS section, error AS label)
  ]) AS kind
  WHERE kind.label IS NOT NULL
),
counted AS (
  SELECT
    section,
    label,
    COUNT(*) AS runs,
    AVG(processing_time) AS average,
    DIV(COUNT(DISTINCT user_id), GREATEST(COUNT(DISTINCT salt_version), 1)) AS users,
    NOT @everybody OR ${k_anonymous} AS shown
  FROM kinds
  GROUP BY section, label
)
SELECT section, label, runs, average, users
FROM counted
WHERE shown
QUALIFY ROW_NUMBER() OVER (PARTITION BY section ORDER BY runs DESC, label) <= @limit
UNION ALL
SELECT 'withheld' AS section, '' AS label, COUNTIF(NOT shown) AS runs, NULL AS average, 0 AS users
FROM counted
ORDER BY section, runs DESC, label
