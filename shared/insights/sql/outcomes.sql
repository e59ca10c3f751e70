-- What finally became of the events that came in [@start, @end): the API's verdict, or for those it took in, that of ingest.
SELECT
  CONCAT(stage, ' ', outcome, ' ', reason) AS event_id,
  minute AS occurred_at,
  platform,
  CAST(NULL AS STRING) AS operation,
  CAST(NULL AS STRING) AS provider,
  CAST(NULL AS STRING) AS plan,
  CAST(NULL AS STRING) AS workflow,
  NULLIF(reason, '') AS error,
  CAST(NULL AS STRING) AS user_id,
  CAST(NULL AS STRING) AS salt_version,
  outcome,
  events
FROM ingest_outcomes
WHERE minute >= @start AND minute < @end AND NOT (stage = 'api' AND outcome = 'accepted')
