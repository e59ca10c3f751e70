-- Whether people did next what had been recommended to them in [@start, @settled), by platform ('all' is everywhere) where at least five
-- people were served: the place in the list of the next operation that began within half an hour after it.
WITH following AS (
  SELECT
    served.served_id,
    served.platform,
    served.user_id,
    served.salt_version,
    served.operations,
    ran.operation_type,
    ROW_NUMBER() OVER (PARTITION BY served.served_id ORDER BY ran.occurred_at, ran.event_id) AS nearest
  FROM recommendations_served AS served
  JOIN ${session_operations} AS ran
    ON ran.user_id = served.user_id
    AND TIMESTAMP_DIFF(ran.occurred_at, served.served_at, MILLISECOND) - ran.duration BETWEEN 0 AND 1800000
  WHERE served.served_at >= @start AND served.served_at < @settled
),
placed AS (
  SELECT
    following.served_id,
    ANY_VALUE(following.platform) AS platform,
    ANY_VALUE(following.user_id) AS user_id,
    ANY_VALUE(following.salt_version) AS salt_version,
    MIN(IF(recommended = operation_type, place + 1, NULL)) AS place
  FROM following
  CROSS JOIN UNNEST(operations) AS recommended WITH OFFSET AS place
  WHERE nearest = 1
  GROUP BY following.served_id
)
SELECT
  label AS platform,
  COUNT(*) AS followed,
  COUNTIF(place = 1) AS hits1,
  COUNTIF(place <= 10) AS hits10,
  IFNULL(SUM(1 / place), 0) AS reciprocal
FROM placed
CROSS JOIN UNNEST(['all', platform]) AS label
WHERE label IS NOT NULL
GROUP BY label
HAVING ${k_anonymous}
ORDER BY label
