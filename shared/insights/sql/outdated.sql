-- The hours of the newest day before @before that were computed by other definitions of the KPIs than ours; the first of a day that
-- itself was.
SELECT hour
FROM (
  SELECT hour
  FROM metrics_hourly
  WHERE hour < @before AND kpi = 'events' AND label = '' AND IFNULL(definitions <> @definitions, TRUE)
  UNION DISTINCT
  SELECT day AS hour
  FROM metrics_daily
  WHERE day < @before AND kpi = 'events' AND label = '' AND second = '' AND IFNULL(definitions <> @definitions, TRUE)
)
QUALIFY TIMESTAMP_TRUNC(hour, DAY) = MAX(TIMESTAMP_TRUNC(hour, DAY)) OVER ()
