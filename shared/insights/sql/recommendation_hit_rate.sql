-- Recommendations that were followed by an operation begun within half an hour; the numerator is 1 where it was a recommended one.
SELECT
  ${row},
  IF(next_operation IN UNNEST(operations), 1, 0) AS numerator,
  1 AS denominator
FROM (
  SELECT served.*, ran.operation AS next_operation
  FROM recommendations AS served
  JOIN followed AS ran
    ON ran.user_id = served.user_id
    AND TIMESTAMP_DIFF(ran.occurred_at, served.occurred_at, MILLISECOND) - IFNULL(ran.metrics.processing_time, 0)
      BETWEEN 0 AND 1800000
  QUALIFY ROW_NUMBER() OVER (PARTITION BY served.event_id ORDER BY ran.occurred_at, ran.event_id) = 1
)
