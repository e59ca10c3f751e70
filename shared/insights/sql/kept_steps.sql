-- The same where steps are rows of what is kept: each is told as that has it, as `start:percentile:samples`, the start in
-- microseconds, joined by blanks; and what falls into each bucket in all such steps is counted once, at @end.
WITH steps AS (
  SELECT kpi, ${at} AS step, label, second, ${alone} AS alone, value, sample_count, histogram
  FROM (
${kept})
)
SELECT *, CAST(NULL AS STRING) AS steps
FROM (
${histograms})
UNION ALL
SELECT
  kpi,
  CAST(NULL AS TIMESTAMP) AS step,
  label,
  second,
  NULL AS buckets,
  STRING_AGG(
    CONCAT(CAST(UNIX_MICROS(step) AS STRING), ':', CAST(value AS STRING), ':', CAST(sample_count AS STRING)), ' '
  ) AS steps
FROM steps
WHERE alone
GROUP BY kpi, label, second
