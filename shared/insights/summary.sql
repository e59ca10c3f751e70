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
    present,
    'total' AS section,
    '' AS label,
    COUNT(*) AS operations,
    COUNTIF(operation_type = 'render') AS renders,
    COUNTIF(success IS TRUE) AS successes,
    COUNTIF(success IS NOT NULL) AS outcomes,
    AVG(processing_time) AS average,
    APPROX_QUANTILES(processing_time, 100) AS times,
    COUNT(DISTINCT user_id) AS users,
    TRUE AS shown
  FROM told
  WHERE is_attempt
  GROUP BY present
  UNION ALL
  SELECT
    present,
    'operation',
    operation_type,
    COUNT(*),
    0,
    COUNTIF(success IS TRUE),
    COUNTIF(success IS NOT NULL),
    AVG(processing_time),
    APPROX_QUANTILES(processing_time, 100),
    COUNT(DISTINCT user_id),
    ${k_anonymous}
  FROM told
  WHERE is_attempt AND operation_type IS NOT NULL
  GROUP BY present, operation_type
  UNION ALL
  SELECT
    present,
    'platform',
    platform,
    COUNT(*),
    0,
    COUNTIF(success IS TRUE),
    COUNTIF(success IS NOT NULL),
    AVG(processing_time),
    APPROX_QUANTILES(processing_time, 100),
    COUNT(DISTINCT user_id),
    ${k_anonymous}
  FROM told
  WHERE is_attempt AND platform IS NOT NULL
  GROUP BY present, platform
  UNION ALL
  SELECT
    TRUE,
    'step',
    CAST(step AS STRING),
    COUNT(*),
    0,
    COUNTIF(success IS TRUE),
    COUNTIF(success IS NOT NULL),
    AVG(processing_time),
    CAST(NULL AS ARRAY<FLOAT64>),
    0,
    TRUE
  FROM told
  WHERE is_attempt AND present
  GROUP BY step
  UNION ALL
  SELECT
    present,
    'error',
    error_code,
    COUNT(*),
    0,
    0,
    0,
    CAST(NULL AS FLOAT64),
    CAST(NULL AS ARRAY<FLOAT64>),
    0,
    ${k_anonymous}
  FROM told
  WHERE error_code IS NOT NULL
  GROUP BY present, error_code
)
SELECT
  present,
  section,
  label,
  operations,
  renders,
  successes,
  outcomes,
  average,
  times[SAFE_OFFSET(50)] AS p50,
  times[SAFE_OFFSET(95)] AS p95,
  IF(@everybody, users, LEAST(users, 1)) AS users,
  CAST(NULL AS FLOAT64) AS quality_score,
  CAST(NULL AS FLOAT64) AS satisfaction,
  CAST(NULL AS FLOAT64) AS cost_usd,
  CAST(NULL AS FLOAT64) AS revenue_usd,
  CAST(NULL AS TIMESTAMP) AS received_at
FROM slices
WHERE shown OR NOT @everybody
QUALIFY section = 'step'
  OR ROW_NUMBER() OVER (PARTITION BY present, section ORDER BY operations DESC, label) <= @limit
UNION ALL
SELECT
  present,
  'worth',
  '',
  0,
  0,
  0,
  0,
  NULL,
  NULL,
  NULL,
  0,
  AVG(quality_score),
  AVG(satisfaction),
  SUM(cost_usd),
  SUM(revenue_usd),
  MAX(received_at)
FROM told
GROUP BY present
ORDER BY present DESC, section, operations DESC, label
