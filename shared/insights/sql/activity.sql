-- Every event; the numerator is 1 where it is somebody's.
SELECT ${row}, IF(user_id IS NULL, 0, 1) AS numerator, 1 AS denominator
FROM told
