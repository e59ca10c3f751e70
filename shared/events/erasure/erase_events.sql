-- Delete the rows of a scope from events.
DELETE FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND received_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes)) AND (NOT @only_users OR user_id IS NOT NULL)
