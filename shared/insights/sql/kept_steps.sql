-- The same where steps are rows of what is kept: each is told as that has it, by its percentile and how many samples it is of, and
-- what falls into each bucket in all such steps is counted once, at @end.
WITH steps AS (
  SELECT kpi, ${at} AS step, label, second, ${alone} AS alone, value, sample_count, histogram
  FROM (
${kept})
)
SELECT *, CAST(NULL AS FLOAT64) AS value, 0 AS samples
FROM (
${histograms})
UNION ALL
SELECT kpi, step, label, second, NULL AS buckets, value, sample_count AS samples
FROM steps
WHERE alone
