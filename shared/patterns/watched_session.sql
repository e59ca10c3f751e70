-- What was run in the session of the operation that an example names by @operation; @start and @end lie around it.
WITH operations AS (
  SELECT * FROM ${session_operations}
)
SELECT operation_type AS operation, occurred_at AS at, success, duration, platform, metrics.error_code AS error
FROM operations
WHERE session IN (SELECT session FROM operations WHERE TO_HEX(SHA256(CONCAT(user_id, ' ', event_id))) = @operation)
ORDER BY session_position
LIMIT 200
