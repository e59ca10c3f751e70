-- What alert rules look at, over the events of [@start, @end): one row a KPI, with how many samples are in it.
-- generation_time is in seconds, rates are 0 to 1, quality_score 0 to 10, satisfaction 0 to 5.
WITH told AS (
  SELECT
    event_type IN ('operation', 'generation') AS is_attempt,
    metrics.success AS success,
    IF(event_type = 'generation' OR operation_type = 'render', metrics.processing_time / 1000, NULL) AS generation_time,
    generation.quality_score AS quality_score,
    generation.satisfaction AS satisfaction,
    IF(business.kind IN ('signup', 'upgrade'), user_id, NULL) AS candidate,
    IF(business.kind = 'upgrade', user_id, NULL) AS converted
  FROM ${deduplicated_events}
)
SELECT 'generation_time' AS kpi, AVG(generation_time) AS value, COUNT(generation_time) AS samples FROM told
UNION ALL
SELECT
  'success_rate',
  SAFE_DIVIDE(COUNTIF(is_attempt AND success), COUNTIF(is_attempt AND success IS NOT NULL)),
  COUNTIF(is_attempt AND success IS NOT NULL)
FROM told
UNION ALL
SELECT 'quality_score', AVG(quality_score), COUNT(quality_score) FROM told
UNION ALL
SELECT 'satisfaction', AVG(satisfaction), COUNT(satisfaction) FROM told
UNION ALL
SELECT
  'premium_conversion',
  SAFE_DIVIDE(COUNT(DISTINCT converted), COUNT(DISTINCT candidate)),
  COUNT(DISTINCT candidate)
FROM told
