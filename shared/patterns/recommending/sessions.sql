-- Sessions of [@start, @end) by what was run in them: how many there are, and up to five of the people for each salt, by the
-- first digits of their hashes. `later` are the last fifth of a platform's sessions, on which models are compared.
-- An operation that failed and was run again counts once. Of a session the first 50 operations are looked at.
WITH steps AS (
  SELECT
    *,
    LEAD(operation_type) OVER (PARTITION BY session ORDER BY session_position) AS following
  FROM ${session_operations}
),
sessions AS (
  SELECT
    platform,
    session,
    user_id,
    MAX(salt_version) AS salt_version,
    MIN(occurred_at) AS began,
    STRING_AGG(operation_type, ' ' ORDER BY session_position) AS operations
  FROM steps
  WHERE session_position <= 50 AND (success OR following IS NULL OR following <> operation_type)
  GROUP BY platform, session, user_id
),
placed AS (
  SELECT *, PERCENT_RANK() OVER (PARTITION BY platform ORDER BY began) >= 0.8 AS later
  FROM sessions
),
people AS (
  SELECT
    platform,
    later,
    operations,
    salt_version,
    user_id,
    COUNT(*) AS sessions,
    MAX(began) AS latest,
    ROW_NUMBER() OVER (PARTITION BY platform, later, operations, salt_version ORDER BY user_id) AS person
  FROM placed
  GROUP BY platform, later, operations, salt_version, user_id
)
SELECT
  platform,
  later,
  operations,
  salt_version,
  SUM(sessions) AS sessions,
  STRING_AGG(IF(person <= 5, SUBSTR(user_id, 1, 12), NULL), ' ') AS users,
  MAX(latest) AS latest
FROM people
GROUP BY platform, later, operations, salt_version
ORDER BY latest DESC, platform, operations, later, salt_version
LIMIT 100000
