-- The people of the rows of KPIs, by label: with a numerator, and with a denominator; of each half as a whole, and of the steps of
-- what comes after the middle. Who was there is found once for all of them.
WITH ${sources},
contributions AS (
  ${contributions}
),
there AS (
  SELECT
    kpi,
    ${after} AS after,
    ${at} AS step,
    ${labels}user_id,
    MAX(IF(numerator > 0, 1, 0)) AS counted,
    MAX(IF(denominator > 0, 1, 0)) AS asked
  FROM contributions
  WHERE ${chosen} AND user_id IS NOT NULL
  GROUP BY kpi, after, step, ${labels}user_id
)
SELECT
  kpi,
  after,
  TRUE AS whole,
  CAST(NULL AS TIMESTAMP) AS step,
  ${labels}COUNT(DISTINCT IF(counted = 1, user_id, NULL)) AS numerator,
  COUNT(DISTINCT IF(asked = 1, user_id, NULL)) AS denominator
FROM there
GROUP BY ${labels}kpi, after
UNION ALL
SELECT kpi, after, FALSE AS whole, step, ${labels}SUM(counted) AS numerator, SUM(asked) AS denominator
FROM there
WHERE after
GROUP BY ${labels}kpi, after, step
