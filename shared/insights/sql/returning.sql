-- People of a step, and those of them who are there in the next, told with the next. @steps are the starts of the steps, the first
-- that of the one before the period's first; @until is the end of the last.
WITH ${sources},
contributions AS (
  ${contributions}
),
steps AS (
  SELECT number, starts, LEAD(starts, 1, @until) OVER (ORDER BY number) AS ends
  FROM UNNEST(@steps) AS starts WITH OFFSET AS number
),
there AS (
  SELECT DISTINCT kpi, number, ${labels}user_id
  FROM contributions
  JOIN steps ON occurred_at >= starts AND occurred_at < ends
  WHERE ${chosen} AND user_id IS NOT NULL
)
SELECT
  kpi,
  number + 1 AS number,
  ${labels}COUNTIF(stays) AS numerator,
  COUNT(*) AS denominator,
  COUNTIF(stays) AS samples
FROM (
  SELECT *, IFNULL(LEAD(number) OVER (PARTITION BY kpi, ${labels}user_id ORDER BY number) = number + 1, FALSE) AS stays
  FROM there
)
WHERE number + 1 < ARRAY_LENGTH(@steps)
GROUP BY kpi, ${labels}number
