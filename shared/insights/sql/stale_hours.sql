-- The hours of [@start, @end) whose events are not those that metrics_hourly was computed from: new, late, changed or erased ones.
WITH told AS (
  SELECT TIMESTAMP_SECONDS(3600 * number) AS hour, events_read, newest_event
  FROM (
    SELECT DIV(UNIX_SECONDS(occurred_at), 3600) AS number, COUNT(*) AS events_read, MAX(received_at) AS newest_event
    FROM events
    WHERE occurred_at >= @start AND occurred_at < @end
    GROUP BY number
  )
),
stored AS (
  SELECT hour, events_read, newest_event
  FROM metrics_hourly
  WHERE hour >= @start AND hour < @end AND kpi = 'events' AND label = ''
)
SELECT COALESCE(told.hour, stored.hour) AS hour
FROM told
FULL JOIN stored ON told.hour = stored.hour
WHERE IFNULL(told.events_read <> stored.events_read OR told.newest_event <> stored.newest_event, TRUE)
ORDER BY hour
