-- The distinct sequences of operations of sessions of two and more, and how many sessions are just so: a million events shrink to
-- some ten thousand rows. Of a longer session the first 50 operations count. The rarest sequences are left out when there are too many.
SELECT operations, COUNT(*) AS sessions
FROM (
  SELECT session, STRING_AGG(operation_type, ' ' ORDER BY session_position LIMIT 50) AS operations
  FROM ${session_operations}
  GROUP BY session
  HAVING COUNT(*) > 1
)
GROUP BY operations
ORDER BY sessions DESC, operations
LIMIT 50000
