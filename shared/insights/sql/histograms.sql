-- The rows of KPIs by the bucket that their numerator falls into, by step and label: bucket b holds what is over 1.02^(b-1) and
-- up to 1.02^b; what is not above 0.0001 falls into the lowest.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT
  kpi,
  ${at} AS step,
  ${labels}CAST(CEIL(LN(GREATEST(numerator, 0.0001)) / LN(1.02)) AS INT64) AS bucket,
  CAST(SUM(denominator) AS INT64) AS samples
FROM contributions
WHERE ${chosen}
GROUP BY ${groups}, bucket
