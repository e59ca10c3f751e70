-- How often templates were run as a whole, and how that went: workflow events whose workflow id is a template's.
SELECT
  context.workflow_id AS template_id,
  COUNT(*) AS uses,
  DIV(COUNT(DISTINCT user_id), GREATEST(COUNT(DISTINCT salt_version), 1)) AS users,
  COUNTIF(metrics.success) AS successes,
  COUNTIF(occurred_at >= @recent) AS recent_uses,
  COUNTIF(occurred_at >= @recent AND metrics.success) AS recent_successes,
  MAX(occurred_at) AS last_used
FROM ${deduplicated_events}
WHERE event_type = 'workflow' AND context.workflow_id IN UNNEST(@templates)
GROUP BY template_id
ORDER BY template_id
