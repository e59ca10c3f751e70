-- What failed: operations and generations, and errors that were told on their own.
SELECT ${row}, 1 AS numerator, 1 AS denominator
FROM told
WHERE event_type = 'error' OR (event_type IN ('operation', 'generation') AND metrics.success = FALSE)
