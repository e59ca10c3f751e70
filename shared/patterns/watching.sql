-- How often each contiguous sequence of operations is run in two periods: [@start, @split) and, `recent`, [@split, @end). A row for each
-- pattern and period that has it; of patterns that at least @least sessions of K people hold in one of the periods.
-- A session belongs to the period that it begins in; only those of two and more operations count. x is how many sessions of a person
-- hold the pattern, n how many they have in all: their sums, squares and products are what a test needs that takes people, not
-- sessions, for what is drawn by chance. The totals of the period stand in every row.
WITH operations AS (
  SELECT * FROM ${session_operations}
),
sessions AS (
  SELECT session, ANY_VALUE(user_id) AS user_id, ANY_VALUE(salt_version) AS salt_version, MIN(occurred_at) >= @split AS recent
  FROM operations
  GROUP BY session
  HAVING COUNT(*) > 1
),
people AS (
  SELECT user_id, recent, COUNT(*) AS n FROM sessions GROUP BY user_id, recent
),
totals AS (
  SELECT recent, SUM(n) AS all_sessions, SUM(n * n) AS all_squares, COUNT(*) AS all_people FROM people GROUP BY recent
),
held AS (
  SELECT pattern, recent, sessions.user_id, sessions.salt_version, COUNT(*) AS x
  FROM (SELECT DISTINCT pattern, session FROM ${operation_runs})
  JOIN sessions USING (session)
  GROUP BY pattern, recent, sessions.user_id, sessions.salt_version
),
found AS (
  SELECT
    pattern,
    recent,
    SUM(x) AS sessions,
    SUM(x * x) AS squares,
    SUM(x * n) AS products,
    DIV(COUNT(DISTINCT user_id), GREATEST(COUNT(DISTINCT salt_version), 1)) AS people,
    ${k_anonymous} AS shown
  FROM held
  JOIN people USING (user_id, recent)
  GROUP BY pattern, recent
  QUALIFY MAX(IF(${k_anonymous} AND SUM(x) >= @least, 1, 0)) OVER (PARTITION BY pattern) = 1
)
SELECT found.*, all_sessions, all_squares, all_people
FROM totals
LEFT JOIN found USING (recent)
ORDER BY pattern, recent
