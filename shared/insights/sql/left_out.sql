-- What is left out of every KPI of events of [@from, @until), by reason: events that were refused, with the code of the reason; rows
-- that are there more than once; and, unless it is about one person, what the API or ingest did not let in, by what became of it.
SELECT 'rejected' AS kind, IFNULL(reason_code, '') AS reason, COUNT(DISTINCT IFNULL(rejection_id, payload)) AS events
FROM events_rejected
WHERE COALESCE(occurred_at, received_at) >= @from AND COALESCE(occurred_at, received_at) < @until
  AND (@everybody OR user_id IN UNNEST(@users))
GROUP BY reason
UNION ALL
SELECT 'repeated' AS kind, '' AS reason, COUNT(*) - COUNT(DISTINCT CONCAT(IFNULL(user_id, ''), ' ', event_id)) AS events
FROM events
WHERE occurred_at >= @from AND occurred_at < @until AND (@everybody OR user_id IN UNNEST(@users))
UNION ALL
SELECT outcome AS kind, reason, SUM(events) AS events
FROM ingest_outcomes
WHERE minute >= @from AND minute < @until AND outcome IN ('duplicate', 'filtered', 'limited') AND @everybody
GROUP BY outcome, reason
