-- How many people were there in the 30 days before each of the moments @ends. A person counts from an event on until 30 days after
-- the last of events that are no further apart.
WITH ${sources},
contributions AS (
  ${contributions}
),
spans AS (
  SELECT
    kpi,
    ${labels}occurred_at,
    LAG(occurred_at) OVER one AS previous,
    LEAD(occurred_at) OVER one AS next
  FROM contributions
  WHERE ${chosen} AND user_id IS NOT NULL
  WINDOW one AS (PARTITION BY kpi, ${labels}user_id ORDER BY occurred_at, event_id)
),
changes AS (
  SELECT kpi, ${labels}occurred_at AS moment, 1 AS people
  FROM spans
  WHERE previous IS NULL OR occurred_at > TIMESTAMP_ADD(previous, INTERVAL 30 DAY)
  UNION ALL
  SELECT kpi, ${labels}TIMESTAMP_ADD(occurred_at, INTERVAL 30 DAY) AS moment, -1 AS people
  FROM spans
  WHERE next IS NULL OR next > TIMESTAMP_ADD(occurred_at, INTERVAL 30 DAY)
)
SELECT kpi, number, ${labels}SUM(people) AS numerator, 0 AS denominator, SUM(people) AS samples
FROM changes
JOIN (SELECT ends, number FROM UNNEST(@ends) AS ends WITH OFFSET AS number)
  ON moment < ends
GROUP BY kpi, ${labels}number
