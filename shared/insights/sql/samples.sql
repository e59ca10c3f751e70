-- What was sampled of the system itself in [@start, @end), each sample once.
SELECT
  sample_id AS event_id,
  sampled_at AS occurred_at,
  CAST(NULL AS STRING) AS platform,
  operation,
  CAST(NULL AS STRING) AS provider,
  CAST(NULL AS STRING) AS plan,
  CAST(NULL AS STRING) AS workflow,
  error,
  CAST(NULL AS STRING) AS user_id,
  CAST(NULL AS STRING) AS salt_version,
  name,
  value
FROM system_samples
WHERE sampled_at >= @start AND sampled_at < @end
QUALIFY ROW_NUMBER() OVER (PARTITION BY sample_id ORDER BY sampled_at) = 1
