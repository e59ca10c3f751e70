-- Delete the rows of a scope from events_rejected: also where the others are made nobody's, for a payload cannot be.
DELETE FROM events_rejected
WHERE COALESCE(occurred_at, received_at) >= @start AND COALESCE(occurred_at, received_at) < @end
  AND received_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes) OR IFNULL(REGEXP_CONTAINS(payload, @pattern), FALSE))
  AND (NOT @only_users OR user_id IS NOT NULL OR payload IS NOT NULL)
