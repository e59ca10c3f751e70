-- What KPIs are computed from: the events of [@start, @end), each once, with the names that they are told apart by; unless it is
-- about @everybody, those of @users, the hashes of one person.
SELECT
  event_id,
  occurred_at,
  platform,
  operation_type AS operation,
  generation.provider AS provider,
  business.plan AS plan,
  context.workflow_type AS workflow,
  COALESCE(
    metrics.error_code,
    IF(event_type = 'error' OR (event_type IN ('operation', 'generation') AND metrics.success = FALSE), 'unknown', NULL)
  ) AS error,
  user_id,
  salt_version,
  event_type,
  metrics,
  generation,
  business,
  context
FROM ${events}
WHERE @everybody OR user_id IN UNNEST(@users)
