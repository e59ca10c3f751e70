SELECT '${dimension}' AS dimension, ${dimension} AS value
FROM present
WHERE ${dimension} IS NOT NULL
GROUP BY value
