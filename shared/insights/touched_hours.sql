-- The hours of [@start, @end) whose events are not those that metrics_hourly was computed from: new, late or erased ones.
WITH told AS (
  SELECT TIMESTAMP_TRUNC(occurred_at, HOUR) AS hour, COUNT(*) AS events
  FROM ${deduplicated_events}
  GROUP BY hour
),
stored AS (
  SELECT hour, sample_count AS events
  FROM metrics_hourly
  WHERE kpi = 'events' AND label = '' AND hour >= @start AND hour < @end
)
SELECT COALESCE(told.hour, stored.hour) AS hour
FROM told
FULL JOIN stored ON told.hour = stored.hour
WHERE IFNULL(told.events, 0) <> IFNULL(stored.events, 0)
ORDER BY hour
