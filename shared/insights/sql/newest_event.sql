-- When the newest event of [@start, @end) had come in: of everybody's, or of those of @users.
SELECT MAX(received_at) AS received_at
FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND (@everybody OR user_id IN UNNEST(@users))
