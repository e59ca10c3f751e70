-- How many rows a scope has in events, and when the first and the last of them occurred.
SELECT COUNT(*) AS found, MIN(occurred_at) AS first, MAX(occurred_at) AS last
FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND received_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes)) AND (NOT @only_users OR user_id IS NOT NULL)
