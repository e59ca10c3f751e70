-- The last @limit changes of alerts in [@start, @end), each once, the newest first; with @kpis only of rules that watch these.
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
WHERE `at` >= @start AND `at` < @end AND (ARRAY_LENGTH(@kpis) = 0 OR kpi IN UNNEST(@kpis))
QUALIFY ROW_NUMBER() OVER (PARTITION BY transition_id ORDER BY `at`) = 1
ORDER BY `at` DESC, transition_id DESC
LIMIT @limit
