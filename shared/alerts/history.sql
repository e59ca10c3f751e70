-- Put @rows (a JSON object each, none of a transition before @since) into `alert_history`; those that are there stay.
MERGE alert_history AS stored
USING (
  SELECT
    JSON_VALUE(row, '$$.transition_id') AS transition_id,
    TIMESTAMP(JSON_VALUE(row, '$$.at')) AS at,
    JSON_VALUE(row, '$$.alert_id') AS alert_id,
    JSON_VALUE(row, '$$.rule_id') AS rule_id,
    JSON_VALUE(row, '$$.source') AS source,
    JSON_VALUE(row, '$$.kpi') AS kpi,
    JSON_VALUE(row, '$$.condition') AS condition,
    JSON_VALUE(row, '$$.severity') AS severity,
    JSON_VALUE(row, '$$.labels') AS labels,
    JSON_VALUE(row, '$$.before') AS before,
    JSON_VALUE(row, '$$.after') AS after,
    JSON_VALUE(row, '$$.made_by') AS made_by,
    CAST(JSON_VALUE(row, '$$.value') AS FLOAT64) AS value,
    CAST(JSON_VALUE(row, '$$.threshold') AS FLOAT64) AS threshold,
    TIMESTAMP(JSON_VALUE(row, '$$.started_at')) AS started_at,
    TIMESTAMP(JSON_VALUE(row, '$$.fired_at')) AS fired_at,
    TIMESTAMP(JSON_VALUE(row, '$$.acknowledged_at')) AS acknowledged_at
  FROM UNNEST(@rows) AS row
) AS fresh
ON stored.at >= @since AND stored.transition_id = fresh.transition_id
WHEN NOT MATCHED THEN
  INSERT (transition_id, at, alert_id, rule_id, source, kpi, condition, severity, labels, before, after, made_by, value, threshold, started_at, fired_at, acknowledged_at)
  VALUES (fresh.transition_id, fresh.at, fresh.alert_id, fresh.rule_id, fresh.source, fresh.kpi, fresh.condition, fresh.severity, fresh.labels, fresh.before, fresh.after, fresh.made_by, fresh.value, fresh.threshold, fresh.started_at, fresh.fired_at, fresh.acknowledged_at)
