-- Contiguous sequences of operations, and how each goes: those that meet the thresholds, and the @known ones whatever they meet.
-- frequency is the number of sessions that hold the sequence, occurrences how often it was run; user_count how many people there
-- are at least, however many salts their hashes were made with; avg_duration is the mean of all runs, median_duration the median of
-- the sessions' means; weeks are the last 12 whole weeks, 0 the newest, with the sessions in each; stated the workflow types that
-- the senders name, with the sessions of each. Every row says, too, how many sessions of two and more operations there are in all,
-- and when the first of them began.
WITH operations AS (
  SELECT * FROM ${session_operations}
),
by_session AS (
  SELECT
    pattern,
    session,
    ANY_VALUE(user_id) AS user_id,
    ANY_VALUE(salt_version) AS salt_version,
    MIN(platform) AS platform,
    MIN(workflow_type) AS workflow_type,
    MIN(occurred_at) AS first_seen,
    MAX(occurred_at) AS last_seen,
    COUNT(*) AS runs,
    COUNTIF(success) AS successes,
    SUM(duration) AS duration,
    DIV(TIMESTAMP_DIFF(@end, MAX(occurred_at), SECOND), 604800) AS week
  FROM ${operation_runs}
  GROUP BY pattern, session
),
found AS (
  SELECT
    pattern,
    COUNT(*) AS frequency,
    SUM(runs) AS occurrences,
    DIV(COUNT(DISTINCT user_id), GREATEST(COUNT(DISTINCT salt_version), 1)) AS user_count,
    SUM(successes) / SUM(runs) AS success_rate,
    SUM(duration) / SUM(runs) AS avg_duration,
    APPROX_QUANTILES(duration / runs, 2)[OFFSET(1)] AS median_duration,
    ARRAY_AGG(DISTINCT platform IGNORE NULLS ORDER BY platform) AS platforms,
    MIN(first_seen) AS first_seen,
    MAX(last_seen) AS last_seen,
    SUM(IF(week < 4, runs, 0)) AS recent_occurrences,
    SUM(IF(week < 4, successes, 0)) AS recent_successes
  FROM by_session
  GROUP BY pattern
  HAVING (frequency >= @min_frequency AND user_count >= @min_users AND success_rate >= @min_success_rate)
    OR pattern IN UNNEST(@known)
),
weekly AS (
  SELECT pattern, ARRAY_AGG(STRUCT(week, sessions) ORDER BY week) AS weeks
  FROM (SELECT pattern, week, COUNT(*) AS sessions FROM by_session WHERE week < 12 GROUP BY pattern, week)
  GROUP BY pattern
),
types AS (
  SELECT pattern, ARRAY_AGG(STRUCT(workflow_type, sessions) ORDER BY sessions DESC, workflow_type LIMIT 10) AS stated
  FROM (
    SELECT pattern, workflow_type, COUNT(*) AS sessions
    FROM by_session
    WHERE workflow_type IS NOT NULL
    GROUP BY pattern, workflow_type
  )
  GROUP BY pattern
),
whole AS (
  SELECT COUNT(DISTINCT session) AS sessions, MIN(first_seen) AS began FROM by_session
)
SELECT found.*, weekly.weeks, types.stated, whole.sessions, whole.began
FROM found
CROSS JOIN whole
LEFT JOIN weekly USING (pattern)
LEFT JOIN types USING (pattern)
ORDER BY frequency DESC, pattern
