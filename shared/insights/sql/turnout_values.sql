-- Which values there are of each of the dimensions.
WITH ${sources},
contributions AS (
  ${contributions}
),
present AS (
  SELECT * FROM contributions WHERE ${chosen} AND user_id IS NOT NULL AND numerator > 0
)
${values}
