-- Everything that the summary shows, one row a slice: the whole, each operation, platform, error and step of @step seconds, and what
-- it was worth, now and in the period before. @start is the start of the period before, @middle that of the present one. Unless it
-- is about @everybody, only events of @users, the hashes of one user, count. Of everybody's, slices that people are told apart by
-- are shown if at least K are in them; the whole, of all time or of a step, always is.
WITH told AS (
  SELECT
    occurred_at >= @middle AS present,
    DIV(UNIX_SECONDS(occurred_at), @step) AS step,
    event_type IN ('operation', 'generation') AS is_attempt,
    operation_type,
    platform,
    user_id,
    salt_version,
    received_at,
    generation.quality_score AS quality_score,
    generation.satisfaction AS satisfaction,
    generation.cost_usd AS cost_usd,
    business.revenue_usd AS revenue_usd,
    metrics.success AS success,
    metrics.processing_time AS processing_time,
    CASE
      WHEN event_type IN ('business', 'feedback') THEN NULL
      WHEN event_type = 'error' OR metrics.success = FALSE THEN COALESCE(metrics.error_code, 'unknown')
    END AS error_code
  FROM ${deduplicated_events}
  WHERE event_type IN ('operation', 'generation', 'error', 'business', 'feedback')
    AND (@everybody OR user_id IN UNNEST(@users))
),
slices AS (
  SELECT
    slice.section,
    slice.label,
    told.*,
    IF(slice.section IN ('total', 'operation', 'platform'), processing_time, NULL) AS ranked_time
  FROM told
  CROSS JOIN UNNEST([
    STRUCT('total' AS section, IF(is_attempt, '', NULL) AS label),
    STRUCT('worth' AS section, '' AS label),
    STRUCT('step' AS section, IF(is_attempt AND present, CAST(step AS STRING), NULL) AS label),
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
  APPROX_QUANTILES(ranked_time, 100)[OFFSET(50)] AS p50,
  APPROX_QUANTILES(ranked_time, 100)[OFFSET(95)] AS p95,
  IF(@everybody, COUNT(DISTINCT user_id), LEAST(COUNT(DISTINCT user_id), 1)) AS users,
  AVG(quality_score) AS quality_score,
  AVG(satisfaction) AS satisfaction,
  SUM(cost_usd) AS cost_usd,
  SUM(revenue_usd) AS revenue_usd,
  MAX(received_at) AS received_at
FROM slices
GROUP BY present, section, label
HAVING section IN ('total', 'worth', 'step') OR NOT @everybody OR ${k_anonymous}
QUALIFY section = 'step'
  OR ROW_NUMBER() OVER (PARTITION BY present, section ORDER BY COUNT(*) DESC, label) <= @limit
ORDER BY present DESC, section, operations DESC, label
