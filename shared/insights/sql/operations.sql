-- What was attempted: operations and generations.
SELECT ${row}, 1 AS numerator, 1 AS denominator
FROM told
WHERE event_type IN ('operation', 'generation')
