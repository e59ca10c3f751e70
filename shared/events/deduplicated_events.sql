-- The events that occurred in [@start, @end), each once: the first arrival of an id counts. Every query reads this, never the table.
SELECT *
FROM events
WHERE occurred_at >= @start AND occurred_at < @end
QUALIFY ROW_NUMBER() OVER (PARTITION BY event_id ORDER BY received_at) = 1
