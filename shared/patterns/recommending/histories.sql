-- The last sessions of the people who were active since @since, at most 20 sessions of each, the oldest first, and of at most
-- @people, those who were active last.
WITH sessions AS (
  SELECT
    user_id,
    session,
    MIN(occurred_at) AS began,
    STRING_AGG(operation_type, ' ' ORDER BY session_position) AS operations
  FROM ${session_operations}
  WHERE session_position <= 30 AND salt_version = @salt_version
  GROUP BY user_id, session
),
latest AS (
  SELECT *
  FROM sessions
  QUALIFY ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY began DESC, session) <= 20
)
SELECT
  user_id,
  STRING_AGG(operations, ',' ORDER BY began, session) AS sessions
FROM latest
GROUP BY user_id
HAVING MAX(began) >= @since
ORDER BY MAX(began) DESC, user_id
LIMIT @people
