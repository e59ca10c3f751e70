-- Sessions whose sender names a workflow type, in groups that look alike: what the classifier learns from and is measured by.
-- operations, outputs, kinds and sizes are the distinct ones of a session, joined by blanks.
SELECT
  workflow_type,
  operations,
  outputs,
  kinds,
  sizes,
  COUNT(*) AS sessions,
  DIV(COUNT(DISTINCT user_id), GREATEST(COUNT(DISTINCT salt_version), 1)) AS users
FROM (
  SELECT
    session,
    ANY_VALUE(user_id) AS user_id,
    ANY_VALUE(salt_version) AS salt_version,
    MIN(context.workflow_type) AS workflow_type,
    STRING_AGG(DISTINCT operation_type, ' ' ORDER BY operation_type) AS operations,
    STRING_AGG(DISTINCT operation.output_format, ' ' ORDER BY operation.output_format) AS outputs,
    STRING_AGG(DISTINCT operation.source_file_type, ' ' ORDER BY operation.source_file_type) AS kinds,
    STRING_AGG(DISTINCT operation.file_size_category, ' ' ORDER BY operation.file_size_category) AS sizes
  FROM ${session_operations}
  GROUP BY session
)
WHERE workflow_type IS NOT NULL AND workflow_type NOT IN UNNEST(@not_types)
GROUP BY workflow_type, operations, outputs, kinds, sizes
ORDER BY sessions DESC, workflow_type, operations, outputs, kinds, sizes
LIMIT 20000
