-- What of [@start, @end) is kept and must not be believed: hours whose events are not those that metrics_hourly was computed from,
-- new, late, changed or erased ones; and days that metrics_daily does not have as their events and their hours are, nor as the hours
-- next to them are, which may decide about them. Nor is what was computed by other definitions of the KPIs than ours.
WITH told AS (
  SELECT TIMESTAMP_SECONDS(3600 * number) AS hour, events_read, newest_event
  FROM (
    SELECT DIV(UNIX_MICROS(occurred_at), 3600000000) AS number, COUNT(*) AS events_read, MAX(received_at) AS newest_event
    FROM events
    WHERE occurred_at >= @start AND occurred_at < @end
    GROUP BY number
  )
),
kept AS (
  SELECT hour, events_read, newest_event, computed_at, definitions
  FROM metrics_hourly
  WHERE hour >= @start AND hour < @end AND kpi = 'events' AND label = ''
),
hours AS (
  SELECT
    COALESCE(told.hour, kept.hour) AS hour,
    told.events_read AS events_read,
    told.newest_event AS newest_event,
    kept.computed_at AS computed_at,
    IFNULL(
      told.events_read <> kept.events_read OR told.newest_event <> kept.newest_event OR kept.definitions <> @definitions,
      TRUE
    ) AS doubtful
  FROM told
  FULL JOIN kept ON told.hour = kept.hour
),
told_days AS (
  SELECT TIMESTAMP_TRUNC(hour, DAY) AS day, SUM(events_read) AS events_read, MAX(newest_event) AS newest_event
  FROM hours
  WHERE events_read IS NOT NULL
  GROUP BY day
),
days AS (
  SELECT day, events_read, newest_event, computed_at, definitions
  FROM metrics_daily
  WHERE day >= @start AND day < @end AND kpi = 'events' AND label = ''
),
deciding AS (
  SELECT TIMESTAMP_TRUNC(TIMESTAMP_ADD(hour, INTERVAL near HOUR), DAY) AS day, MAX(computed_at) AS computed_at
  FROM hours
  CROSS JOIN UNNEST([-1, 0, 1]) AS near
  GROUP BY day
)
SELECT 'hour' AS grain, hour AS start
FROM hours
WHERE doubtful
UNION ALL
SELECT 'day' AS grain, COALESCE(told_days.day, days.day) AS start
FROM told_days
FULL JOIN days ON told_days.day = days.day
LEFT JOIN deciding ON deciding.day = days.day
WHERE IFNULL(
  told_days.events_read <> days.events_read
    OR told_days.newest_event <> days.newest_event
    OR deciding.computed_at > days.computed_at
    OR days.definitions <> @definitions,
  TRUE
)
