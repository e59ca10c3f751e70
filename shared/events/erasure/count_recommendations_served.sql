-- The same for recommendations_served. Nothing is computed from them that would have to be computed anew.
SELECT COUNT(*) AS found, CAST(NULL AS TIMESTAMP) AS first, CAST(NULL AS TIMESTAMP) AS last
FROM recommendations_served
WHERE served_at >= @start AND served_at < @end AND served_at < @received_before
  AND (@everybody OR user_id IN UNNEST(@hashes)) AND (NOT @only_users OR user_id IS NOT NULL)
