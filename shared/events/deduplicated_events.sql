-- The events that occurred in [@start, @end), each once: of a user's events with the same id the first to arrive counts.
-- Every query reads this, never the table.
SELECT *
FROM events
WHERE occurred_at >= @start AND occurred_at < @end
QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id, event_id ORDER BY received_at) = 1
