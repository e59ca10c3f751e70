-- Whether people did next what had been recommended to them in [@start, @end): for each list of recommendations the next
-- operation of its person that began within half an hour after it, and its place in the list.
WITH following AS (
  SELECT
    served.served_id,
    served.served_at,
    served.platform,
    served.model,
    served.operations,
    ran.operation_type,
    ROW_NUMBER() OVER (PARTITION BY served.served_id ORDER BY ran.occurred_at, ran.event_id) AS nearest
  FROM recommendations_served AS served
  JOIN ${session_operations} AS ran
    ON ran.user_id = served.user_id
    AND ran.occurred_at >= served.served_at
    AND TIMESTAMP_SUB(ran.occurred_at, INTERVAL CAST(ran.duration AS INT64) MILLISECOND)
      BETWEEN served.served_at AND TIMESTAMP_ADD(served.served_at, INTERVAL 30 MINUTE)
  WHERE served.served_at >= @start AND served.served_at < @end
),
placed AS (
  SELECT
    served_id,
    platform,
    model,
    (SELECT MIN(place) + 1 FROM UNNEST(operations) AS operation WITH OFFSET AS place WHERE operation = operation_type) AS place
  FROM following
  WHERE nearest = 1
)
SELECT
  platform,
  model,
  COUNT(*) AS followed,
  COUNTIF(place = 1) AS hits1,
  COUNTIF(place <= 10) AS hits10,
  IFNULL(SUM(1 / place), 0) AS reciprocal
FROM placed
GROUP BY platform, model
ORDER BY platform, model
