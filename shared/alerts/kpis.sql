-- What alert rules look at, over the events of [@start, @end): one row a KPI and set of labels, with how many samples are in it.
-- @by_platform, @by_operation, @by_provider, @by_plan: the labels to tell apart; events that lack one of them are left out.
-- generation_time is in seconds, rates are 0 to 1, quality_score 0 to 10, satisfaction 0 to 5.
WITH told AS (
  SELECT
    IF(@by_platform, platform, NULL) AS platform,
    IF(@by_operation, operation_type, NULL) AS operation,
    IF(@by_provider, generation.provider, NULL) AS provider,
    IF(@by_plan, business.plan, NULL) AS plan,
    event_type IN ('operation', 'generation') AS is_attempt,
    metrics.success AS success,
    IF(event_type = 'generation' OR operation_type = 'render', metrics.processing_time / 1000, NULL) AS generation_time,
    generation.quality_score AS quality_score,
    generation.satisfaction AS satisfaction,
    IF(business.kind IN ('signup', 'upgrade'), user_id, NULL) AS candidate,
    IF(business.kind = 'upgrade', user_id, NULL) AS converted
  FROM ${deduplicated_events}
),
sums AS (
  SELECT
    platform,
    operation,
    provider,
    plan,
    AVG(generation_time) AS generation_time,
    COUNT(generation_time) AS generations,
    COUNTIF(is_attempt AND success) AS successes,
    COUNTIF(is_attempt AND success IS NOT NULL) AS outcomes,
    AVG(quality_score) AS quality_score,
    COUNT(quality_score) AS qualities,
    AVG(satisfaction) AS satisfaction,
    COUNT(satisfaction) AS satisfactions,
    COUNT(DISTINCT converted) AS converted,
    COUNT(DISTINCT candidate) AS candidates
  FROM told
  WHERE (NOT @by_platform OR platform IS NOT NULL)
    AND (NOT @by_operation OR operation IS NOT NULL)
    AND (NOT @by_provider OR provider IS NOT NULL)
    AND (NOT @by_plan OR plan IS NOT NULL)
  GROUP BY platform, operation, provider, plan
)
SELECT platform, operation, provider, plan, reading.kpi, reading.value, reading.samples
FROM sums
CROSS JOIN UNNEST([
  STRUCT('generation_time' AS kpi, generation_time AS value, generations AS samples),
  STRUCT('success_rate' AS kpi, SAFE_DIVIDE(successes, outcomes) AS value, outcomes AS samples),
  STRUCT('quality_score' AS kpi, quality_score AS value, qualities AS samples),
  STRUCT('satisfaction' AS kpi, satisfaction AS value, satisfactions AS samples),
  STRUCT('premium_conversion' AS kpi, SAFE_DIVIDE(converted, candidates) AS value, candidates AS samples)
]) AS reading
WHERE reading.samples > 0
