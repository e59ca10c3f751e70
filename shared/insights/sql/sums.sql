-- Sums of the rows of KPIs, by step and label; samples is how many rows there are. Of those whose numerators are told by the bucket
-- that they fall into, `bucket:samples` joined by blanks.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT
  ${groups},
  SUM(numerator) AS numerator,
  SUM(denominator) AS denominator,
  SUM(samples) AS samples,
  STRING_AGG(CONCAT(CAST(bucket AS STRING), ':', CAST(CAST(denominator AS INT64) AS STRING)), ' ') AS buckets
FROM (
  SELECT
    kpi,
    ${at} AS step,
    ${labels}IF(${told_by_bucket}, ${bucket}, NULL) AS bucket,
    SUM(numerator) AS numerator,
    SUM(denominator) AS denominator,
    COUNT(*) AS samples
  FROM contributions
  WHERE ${chosen}
  GROUP BY ${groups}, bucket
)
GROUP BY ${groups}
