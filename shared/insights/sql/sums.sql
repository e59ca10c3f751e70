-- Sums of the rows of KPIs, by step and label. samples is how many rows there are.
WITH ${sources},
contributions AS (
  ${contributions}
)
SELECT kpi, ${at} AS step, ${labels}SUM(numerator) AS numerator, SUM(denominator) AS denominator, COUNT(*) AS samples
FROM contributions
WHERE ${chosen}
GROUP BY ${groups}
