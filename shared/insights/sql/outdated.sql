-- The hours of the newest day before @before that were computed by other definitions of the KPIs than ours.
SELECT hour
FROM metrics_hourly
WHERE hour < @before AND kpi = 'events' AND label = '' AND IFNULL(definitions <> @definitions, TRUE)
QUALIFY TIMESTAMP_TRUNC(hour, DAY) = MAX(TIMESTAMP_TRUNC(hour, DAY)) OVER ()
