-- The rows of KPIs by the bucket that their numerator falls into, by step and label.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT
  kpi,
  ${at} AS step,
  ${labels}${bucket} AS bucket,
  CAST(SUM(denominator) AS INT64) AS samples
FROM contributions
WHERE ${chosen}
GROUP BY ${groups}, bucket
