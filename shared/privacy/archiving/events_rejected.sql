-- What came in of a user in a window and could not be taken as an event.
SELECT *
FROM events_rejected
WHERE COALESCE(occurred_at, received_at) >= @start AND COALESCE(occurred_at, received_at) < @end
  AND (user_id IN UNNEST(@hashes) OR IFNULL(REGEXP_CONTAINS(payload, @pattern), FALSE))
ORDER BY received_at
