-- The operations of [@start, @end) with the session that each belongs to, numbered inside it from 1 by `session_position`.
-- A session is what the sender calls one; without an id, more than 10 minutes between the end of an operation and the start of
-- the next begin a new one. `session` is unique among all users'. `duration` is in milliseconds.
SELECT
  *,
  ROW_NUMBER() OVER (
    PARTITION BY session ORDER BY occurred_at, context.sequence_position, event_id
  ) AS session_position
FROM (
  SELECT
    * EXCEPT (gap),
    CONCAT(user_id, ' ', COALESCE(context.session_id, CONCAT('gap ', CAST(
      COUNTIF(context.session_id IS NULL AND IFNULL(gap > 600000, FALSE)) OVER (
        PARTITION BY user_id, context.session_id ORDER BY occurred_at, context.sequence_position, event_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS STRING)))) AS session
  FROM (
    SELECT
      *,
      IFNULL(metrics.success, FALSE) AS success,
      IFNULL(metrics.processing_time, 0) AS duration,
      TIMESTAMP_DIFF(occurred_at, LAG(occurred_at) OVER (
        PARTITION BY user_id, context.session_id ORDER BY occurred_at, context.sequence_position, event_id
      ), MILLISECOND) - IFNULL(metrics.processing_time, 0) AS gap
    FROM ${deduplicated_events}
    WHERE event_type = 'operation' AND operation_type IS NOT NULL AND user_id IS NOT NULL
  )
)
