-- The newest sessions of [@start, @end) that hold each of the @patterns, at most @most of each, by an id that names nobody: that of the
-- operation with which the first run of the pattern begins.
WITH operations AS (
  SELECT * FROM ${session_operations}
),
held AS (
  SELECT pattern, session, MIN(session_position) AS session_position
  FROM ${operation_runs}
  WHERE pattern IN UNNEST(@patterns)
  GROUP BY pattern, session
)
SELECT pattern, TO_HEX(SHA256(CONCAT(user_id, ' ', event_id))) AS operation, occurred_at
FROM held
JOIN operations USING (session, session_position)
QUALIFY ROW_NUMBER() OVER (PARTITION BY pattern ORDER BY occurred_at DESC, session) <= @most
ORDER BY pattern, occurred_at DESC, operation
