-- The people of the rows of KPIs, by step and label: with a numerator, and with a denominator.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT
  kpi,
  ${at} AS step,
  ${labels}COUNT(DISTINCT IF(numerator > 0, user_id, NULL)) AS numerator,
  COUNT(DISTINCT IF(denominator > 0, user_id, NULL)) AS denominator,
  COUNT(DISTINCT IF(numerator > 0, user_id, NULL)) AS samples
FROM contributions
WHERE ${chosen}
GROUP BY ${groups}
