numbers_of_${dimension} AS (
  SELECT ${dimension}_value, ${dimension}_number
  FROM UNNEST(@values_of_${dimension}) AS ${dimension}_value WITH OFFSET AS ${dimension}_number
)
