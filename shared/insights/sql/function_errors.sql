-- Failures of functions, by the kind of error; the numerator is how many there were.
SELECT ${row}, value AS numerator, 1 AS denominator
FROM samples
WHERE name = 'function_errors'
