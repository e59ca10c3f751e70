-- The last @limit changes of alerts in [@start, @end), each once, the newest first.
SELECT
  `at`,
  alert_id,
  rule_id,
  kpi,
  condition,
  severity,
  labels,
  before,
  after,
  made_by,
  value,
  threshold
FROM alert_history
WHERE `at` >= @start AND `at` < @end
QUALIFY ROW_NUMBER() OVER (PARTITION BY transition_id ORDER BY `at`) = 1
ORDER BY `at` DESC, transition_id DESC
LIMIT @limit
