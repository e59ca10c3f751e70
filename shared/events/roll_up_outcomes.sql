-- Put the counts of @counted (a JSON object each) into `ingest_outcomes`; none of them is of a minute before @since.
MERGE ingest_outcomes AS stored
USING (
  SELECT
    TIMESTAMP(JSON_VALUE(counted, '$$.minute')) AS minute,
    JSON_VALUE(counted, '$$.stage') AS stage,
    JSON_VALUE(counted, '$$.outcome') AS outcome,
    JSON_VALUE(counted, '$$.reason') AS reason,
    JSON_VALUE(counted, '$$.platform') AS platform,
    CAST(JSON_VALUE(counted, '$$.events') AS INT64) AS events
  FROM UNNEST(@counted) AS counted
) AS fresh
ON stored.minute >= @since
  AND stored.minute = fresh.minute
  AND stored.stage = fresh.stage
  AND stored.outcome = fresh.outcome
  AND stored.reason = fresh.reason
  AND stored.platform = fresh.platform
WHEN MATCHED THEN
  UPDATE SET events = fresh.events, computed_at = @computed_at
WHEN NOT MATCHED THEN
  INSERT (minute, stage, outcome, reason, platform, events, computed_at)
  VALUES (fresh.minute, fresh.stage, fresh.outcome, fresh.reason, fresh.platform, fresh.events, @computed_at)
