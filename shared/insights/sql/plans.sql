-- Which plan people are known to be on, and from when until when: from the first time in a row that it was told until another is, or
-- it has not been told for a year.
SELECT
  subscriber,
  IF(known_plan = 'premium', 1, 0) AS premium,
  since,
  LEAST(lapses, IFNULL(LEAD(since) OVER (PARTITION BY subscriber ORDER BY run), lapses)) AS until
FROM (
  SELECT subscriber, known_plan, run, MIN(told_at) AS since, TIMESTAMP_ADD(MAX(told_at), INTERVAL 365 DAY) AS lapses
  FROM (
    SELECT *, COUNTIF(begins) OVER (PARTITION BY subscriber ORDER BY told_at, event_id) AS run
    FROM (
      SELECT
        user_id AS subscriber,
        event_id,
        business.plan AS known_plan,
        occurred_at AS told_at,
        IFNULL(
          LAG(business.plan) OVER one <> business.plan
            OR LAG(occurred_at) OVER one <= TIMESTAMP_SUB(occurred_at, INTERVAL 365 DAY),
          TRUE
        ) AS begins
      FROM events
      WHERE occurred_at >= TIMESTAMP_SUB(@from, INTERVAL 365 DAY) AND occurred_at < @until
        AND event_type = 'business' AND business.plan IS NOT NULL AND user_id IS NOT NULL
        AND (@everybody OR user_id IN UNNEST(@users))
      WINDOW one AS (PARTITION BY user_id ORDER BY occurred_at, event_id)
    )
  )
  GROUP BY subscriber, known_plan, run
)
