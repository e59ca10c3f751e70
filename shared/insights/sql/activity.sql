-- What people did: every event that is somebody's.
SELECT ${row}, 1 AS numerator, 1 AS denominator
FROM told
WHERE user_id IS NOT NULL
