-- The events of a user in a window, the oldest first.
SELECT *
FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND user_id IN UNNEST(@hashes)
ORDER BY occurred_at, event_id
