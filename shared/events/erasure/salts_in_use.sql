-- The salts that events of [@start, @end) were hashed with.
SELECT DISTINCT salt_version
FROM events
WHERE occurred_at >= @start AND occurred_at < @end AND salt_version IS NOT NULL
ORDER BY salt_version
