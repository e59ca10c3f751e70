-- The days of [@start, @end) that hours are kept of: how many events they have, and when the last of their hours was computed.
SELECT TIMESTAMP_TRUNC(hour, DAY) AS day, CAST(SUM(numerator) AS INT64) AS events, MAX(computed_at) AS computed_at
FROM metrics_hourly
WHERE hour >= @start AND hour < @end AND kpi = 'events' AND label = ''
GROUP BY day
ORDER BY day DESC
