-- Delete the rows of a scope from recommendations_served: also where events are made nobody's, for nobody's tell of no one's next
-- operation.
DELETE FROM recommendations_served
WHERE served_at >= @start AND served_at < @end AND served_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes)) AND (NOT @only_users OR user_id IS NOT NULL)
