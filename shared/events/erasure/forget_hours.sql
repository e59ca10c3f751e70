-- Delete the metrics of the hours that a scope has events in. The next aggregation computes them anew.
DELETE FROM metrics_hourly
WHERE hour IN (
  SELECT DISTINCT TIMESTAMP_TRUNC(occurred_at, HOUR)
  FROM events
  WHERE occurred_at >= @start AND occurred_at < @end AND received_at < @received_before
    AND (@everybody OR user_id IN UNNEST(@hashes)) AND (NOT @only_users OR user_id IS NOT NULL)
)
