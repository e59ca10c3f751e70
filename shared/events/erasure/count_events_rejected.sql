-- The same for events_rejected. What is wrong in a row is not in its columns, but may be in its payload.
SELECT COUNT(*) AS found, MIN(occurred_at) AS first, MAX(occurred_at) AS last
FROM events_rejected
WHERE COALESCE(occurred_at, received_at) >= @start AND COALESCE(occurred_at, received_at) < @end
  AND received_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes) OR IFNULL(REGEXP_CONTAINS(payload, @pattern), FALSE))
  AND (NOT @only_users OR user_id IS NOT NULL OR payload IS NOT NULL)
