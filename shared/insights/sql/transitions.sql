-- The changes of alerts in [@start, @end), each once.
SELECT
  transition_id AS event_id,
  `at` AS occurred_at,
  CAST(NULL AS STRING) AS platform,
  CAST(NULL AS STRING) AS operation,
  CAST(NULL AS STRING) AS provider,
  CAST(NULL AS STRING) AS plan,
  CAST(NULL AS STRING) AS workflow,
  CAST(NULL AS STRING) AS error,
  CAST(NULL AS STRING) AS user_id,
  CAST(NULL AS STRING) AS salt_version,
  after,
  fired_at
FROM alert_history
WHERE `at` >= @start AND `at` < @end
QUALIFY ROW_NUMBER() OVER (PARTITION BY transition_id ORDER BY `at`) = 1
