-- A page of the rows that a KPI is computed from, the newest first: number @offset to @limit more. Unless they are one person's, they
-- say what they are told apart by only where at least K people share that, and neither which event it is nor the second.
WITH ${sources},
contributions AS (
  ${contributions}
),
chosen AS (
  SELECT *
  FROM contributions
  WHERE ${chosen}
),
page AS (
  SELECT *
  FROM chosen
  QUALIFY ROW_NUMBER() OVER (ORDER BY occurred_at DESC, event_id) BETWEEN @offset + 1 AND @offset + @limit
)
SELECT
  IF(@everybody AND ${personal}, TIMESTAMP_TRUNC(occurred_at, MINUTE), occurred_at) AS occurred_at,
  IF(@everybody AND ${personal}, NULL, event_id) AS event_id,
  ${shown}
  CAST(numerator AS FLOAT64) AS numerator,
  CAST(denominator AS FLOAT64) AS denominator
FROM page
ORDER BY page.occurred_at DESC, page.event_id
