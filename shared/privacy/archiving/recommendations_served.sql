-- What was recommended to a user in a window.
SELECT *
FROM recommendations_served
WHERE served_at >= @start AND served_at < @end AND user_id IN UNNEST(@hashes)
ORDER BY served_at
