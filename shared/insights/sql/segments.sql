-- The people of [@start, @end) by how much they do: how many there are in each segment, what they did, and how well that went.
-- Segments of fewer than K people are not told.
WITH people AS (
  SELECT
    user_id,
    ANY_VALUE(salt_version) AS salt_version,
    COUNT(*) AS operations,
    COUNTIF(metrics.success) AS successes,
    COUNTIF(metrics.success IS NOT NULL) AS outcomes
  FROM ${deduplicated_events}
  WHERE event_type IN ('operation', 'generation') AND user_id IS NOT NULL
  GROUP BY user_id
)
SELECT
  CASE WHEN operations >= 50 THEN 'heavy' WHEN operations >= 10 THEN 'regular' ELSE 'light' END AS segment,
  COUNT(*) AS people,
  SUM(operations) AS operations,
  SAFE_DIVIDE(SUM(successes), SUM(outcomes)) AS success_rate
FROM people
GROUP BY segment
HAVING ${k_anonymous}
ORDER BY operations DESC
