-- Runs of operations to learn from: of each of the @operations most used operations at most @most successful runs in
-- [@start, @end), chosen by chance but always the same, whatever the salt. `ms` and `memory_mb` are what they took; `mb` and
-- `output_mb` are the sizes of the source and the result.
WITH measured AS (
  SELECT
    event_id,
    user_id,
    operation_type,
    COALESCE(operation.input_format, '') AS input_format,
    COALESCE(operation.output_format, '') AS output_format,
    operation.parameters AS parameters,
    operation.file_size / 1000000 AS mb,
    NULLIF(operation.output_size, 0) / 1000000 AS output_mb,
    metrics.processing_time AS ms,
    metrics.memory_usage AS memory_mb,
    COUNT(*) OVER (PARTITION BY operation_type) AS runs,
    ROW_NUMBER() OVER (PARTITION BY operation_type ORDER BY MD5(event_id), user_id) AS place
  FROM ${deduplicated_events}
  WHERE event_type = 'operation'
    AND operation_type IS NOT NULL
    AND user_id IS NOT NULL
    AND metrics.success
    AND metrics.processing_time > 0
    AND operation.file_size > 0
)
SELECT * EXCEPT (event_id, place)
FROM measured
WHERE place <= @most
QUALIFY DENSE_RANK() OVER (ORDER BY runs DESC, operation_type) <= @operations
ORDER BY operation_type, place
