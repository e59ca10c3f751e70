-- The operations of [@start, @end), each once, of people who were recommended some then.
SELECT event_id, occurred_at, operation_type AS operation, user_id, metrics
FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND event_type = 'operation'
  AND user_id IN (SELECT user_id FROM recommendations)
QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id, event_id ORDER BY received_at) = 1
