-- How many people were there in the 30 days before each of the moments @ends, of which all but the last are starts of whole units of
-- ${grain}: so finely times are looked at, and at @cut, 30 days before the last. A person counts from an event on until 30 days after
-- the last of events that are no further apart. All events of [@shared_from, @shared_until), which is less than 30 days before each of
-- the moments, are as good as one.
WITH ${sources},
contributions AS (
  ${contributions}
),
there AS (
  SELECT DISTINCT
    kpi,
    ${labels}user_id,
    IF(
      occurred_at >= @shared_from AND occurred_at < @shared_until,
      @shared_from,
      GREATEST(TIMESTAMP_TRUNC(occurred_at, ${grain}), IF(occurred_at >= @cut, @cut, TIMESTAMP_TRUNC(occurred_at, ${grain})))
    ) AS moment
  FROM contributions
  WHERE ${chosen} AND user_id IS NOT NULL
),
spans AS (
  SELECT
    kpi,
    ${labels}moment,
    LAG(moment) OVER one AS previous,
    LEAD(moment) OVER one AS next
  FROM there
  WINDOW one AS (PARTITION BY kpi, ${labels}user_id ORDER BY moment)
),
changes AS (
  SELECT kpi, ${labels}moment, 1 AS people
  FROM spans
  WHERE previous IS NULL OR moment > TIMESTAMP_ADD(previous, INTERVAL 30 DAY)
  UNION ALL
  SELECT kpi, ${labels}TIMESTAMP_ADD(moment, INTERVAL 30 DAY) AS moment, -1 AS people
  FROM spans
  WHERE next IS NULL OR next > TIMESTAMP_ADD(moment, INTERVAL 30 DAY)
)
SELECT kpi, number, ${labels}SUM(people) AS numerator, 0 AS denominator, SUM(people) AS samples
FROM (SELECT kpi, ${labels}moment, SUM(people) AS people FROM changes GROUP BY kpi, ${labels}moment)
JOIN (SELECT ends, number FROM UNNEST(@ends) AS ends WITH OFFSET AS number)
  ON moment < ends
GROUP BY kpi, ${labels}number
