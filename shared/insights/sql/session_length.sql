-- Operations of people; the numerator is the seconds that each adds to its session, the denominator is 1 where it begins one. A
-- session is what the sender calls one, without an id what is not 10 minutes idle; after an hour without an operation it is over.
SELECT
  ${row},
  IF(begins, IFNULL(metrics.processing_time, 0), since) / 1000 AS numerator,
  IF(begins, 1, 0) AS denominator
FROM (
  SELECT
    *,
    since IS NULL OR since > 3600000
      OR (context.session_id IS NULL AND since - IFNULL(metrics.processing_time, 0) > 600000) AS begins
  FROM (
    SELECT
      *,
      TIMESTAMP_DIFF(occurred_at, LAG(occurred_at) OVER (
        PARTITION BY user_id, context.session_id ORDER BY occurred_at, event_id
      ), MILLISECOND) AS since
    FROM told
    WHERE event_type = 'operation' AND user_id IS NOT NULL
  )
)
