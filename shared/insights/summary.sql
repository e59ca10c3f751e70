-- Everything that the summary shows, one row a slice: the whole, each operation, platform and error, now and in the period before.
-- @start is the start of the period before, @middle that of the present one. Unless it is about @everybody, only events of @users,
-- the hashes of one user, count. Of everybody's, slices are shown that at least K people are in; the whole always is.
WITH told AS (
  SELECT
    occurred_at >= @middle AS present,
    event_type <> 'error' AS is_attempt,
    operation_type,
    platform,
    user_id,
    salt_version,
    received_at,
    metrics.success AS success,
    metrics.processing_time AS processing_time,
    CASE
      WHEN event_type = 'error' OR metrics.success = FALSE THEN COALESCE(metrics.error_code, 'unknown')
    END AS error_code
  FROM ${deduplicated_events}
  WHERE event_type IN ('operation', 'generation', 'error') AND (@everybody OR user_id IN UNNEST(@users))
),
slices AS (
  SELECT slice.section, slice.label, told.*
  FROM told
  CROSS JOIN UNNEST([
    STRUCT('total' AS section, IF(is_attempt, '', NULL) AS label),
    STRUCT('operation' AS section, IF(is_attempt, operation_type, NULL) AS label),
    STRUCT('platform' AS section, IF(is_attempt, platform, NULL) AS label),
    STRUCT('error' AS section, error_code AS label)
  ]) AS slice
  WHERE slice.label IS NOT NULL
)
SELECT
  present,
  section,
  label,
  COUNT(*) AS operations,
  COUNTIF(operation_type = 'render') AS renders,
  COUNTIF(success IS TRUE) AS successes,
  COUNTIF(success IS NOT NULL) AS outcomes,
  AVG(processing_time) AS average,
  APPROX_QUANTILES(processing_time, 100)[OFFSET(50)] AS p50,
  APPROX_QUANTILES(processing_time, 100)[OFFSET(95)] AS p95,
  IF(@everybody, COUNT(DISTINCT user_id), LEAST(COUNT(DISTINCT user_id), 1)) AS users,
  MAX(received_at) AS received_at
FROM slices
GROUP BY present, section, label
HAVING section = 'total' OR NOT @everybody OR ${k_anonymous}
QUALIFY ROW_NUMBER() OVER (PARTITION BY present, section ORDER BY COUNT(*) DESC, label) <= @limit
ORDER BY present DESC, section, operations DESC, label
