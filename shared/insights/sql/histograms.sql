-- The rows of KPIs by the bucket that their numerator falls into, by step and label: `bucket:samples` joined by blanks.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT
  ${groups},
  STRING_AGG(CONCAT(CAST(bucket AS STRING), ':', CAST(samples AS STRING)), ' ') AS buckets
FROM (
  SELECT kpi, ${at} AS step, ${labels}${bucket} AS bucket, CAST(SUM(denominator) AS INT64) AS samples
  FROM contributions
  WHERE ${chosen}
  GROUP BY ${groups}, bucket
)
GROUP BY ${groups}
