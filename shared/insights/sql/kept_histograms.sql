-- The same for histograms: how many rows fall into each bucket, as `bucket:samples` joined by blanks.
SELECT
  kpi,
  step,
  label,
  second,
  STRING_AGG(CONCAT(CAST(bucket AS STRING), ':', CAST(samples AS STRING)), ' ') AS buckets
FROM (
  SELECT kpi, ${at} AS step, label, second, counted.bucket AS bucket, SUM(counted.samples) AS samples
  FROM (
${kept})
  CROSS JOIN UNNEST(histogram) AS counted
  GROUP BY kpi, step, label, second, bucket
)
GROUP BY kpi, step, label, second
