-- The parameters that operations succeeded with in [@start, @end): how often, and up to five of the people for each salt.
WITH uses AS (
  SELECT operation_type, operation.parameters AS parameters, salt_version, user_id, COUNT(*) AS runs
  FROM ${session_operations}
  WHERE success AND operation.parameters IS NOT NULL AND LENGTH(operation.parameters) <= 2000
  GROUP BY operation_type, operation.parameters, salt_version, user_id
),
people AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY operation_type, parameters, salt_version ORDER BY user_id) AS person
  FROM uses
)
SELECT
  operation_type AS operation,
  parameters,
  salt_version,
  SUM(runs) AS runs,
  STRING_AGG(IF(person <= 5, SUBSTR(user_id, 1, 12), NULL), ' ') AS users
FROM people
GROUP BY operation_type, parameters, salt_version
ORDER BY runs DESC, operation_type, parameters, salt_version
LIMIT 50000
