-- Recommendations that were served in [@start, @end).
SELECT
  served_id AS event_id,
  served_at AS occurred_at,
  platform,
  CAST(NULL AS STRING) AS operation,
  CAST(NULL AS STRING) AS provider,
  CAST(NULL AS STRING) AS plan,
  CAST(NULL AS STRING) AS workflow,
  CAST(NULL AS STRING) AS error,
  user_id,
  salt_version,
  operations
FROM recommendations_served
WHERE served_at >= @start AND served_at < @end AND (@everybody OR user_id IN UNNEST(@users))
