-- The last minute of `ingest_outcomes`, null if it has none since @since.
SELECT MAX(minute) AS minute
FROM ingest_outcomes
WHERE minute >= @since
