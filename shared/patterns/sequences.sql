-- Operations that users run one right after the other: every contiguous sequence of 2 to 5 in a session, and how it goes.
-- frequency is the number of sessions that hold the sequence, occurrences how often it was run.
WITH ahead AS (
  SELECT
    user_id,
    session,
    operation_type AS o1,
    LEAD(operation_type, 1) OVER ahead_of_it AS o2,
    LEAD(operation_type, 2) OVER ahead_of_it AS o3,
    LEAD(operation_type, 3) OVER ahead_of_it AS o4,
    LEAD(operation_type, 4) OVER ahead_of_it AS o5,
    success AS s1,
    LEAD(success, 1) OVER ahead_of_it AS s2,
    LEAD(success, 2) OVER ahead_of_it AS s3,
    LEAD(success, 3) OVER ahead_of_it AS s4,
    LEAD(success, 4) OVER ahead_of_it AS s5,
    duration AS d1,
    LEAD(duration, 1) OVER ahead_of_it AS d2,
    LEAD(duration, 2) OVER ahead_of_it AS d3,
    LEAD(duration, 3) OVER ahead_of_it AS d4,
    LEAD(duration, 4) OVER ahead_of_it AS d5
  FROM ${session_operations}
  WINDOW ahead_of_it AS (PARTITION BY session ORDER BY session_position)
),
runs AS (
  SELECT user_id, session, CONCAT(o1, '->', o2) AS pattern, s1 AND s2 AS success, d1 + d2 AS duration
  FROM ahead WHERE o2 IS NOT NULL
  UNION ALL
  SELECT user_id, session, CONCAT(o1, '->', o2, '->', o3), s1 AND s2 AND s3, d1 + d2 + d3
  FROM ahead WHERE o3 IS NOT NULL
  UNION ALL
  SELECT user_id, session, CONCAT(o1, '->', o2, '->', o3, '->', o4), s1 AND s2 AND s3 AND s4, d1 + d2 + d3 + d4
  FROM ahead WHERE o4 IS NOT NULL
  UNION ALL
  SELECT
    user_id, session, CONCAT(o1, '->', o2, '->', o3, '->', o4, '->', o5), s1 AND s2 AND s3 AND s4 AND s5, d1 + d2 + d3 + d4 + d5
  FROM ahead WHERE o5 IS NOT NULL
)
SELECT
  pattern,
  COUNT(DISTINCT session) AS frequency,
  COUNT(*) AS occurrences,
  COUNT(DISTINCT user_id) AS user_count,
  COUNTIF(success) / COUNT(*) AS success_rate,
  AVG(duration) AS avg_duration
FROM runs
GROUP BY pattern
HAVING frequency >= @min_frequency AND user_count >= @min_users AND success_rate >= @min_success_rate
ORDER BY frequency DESC, pattern
