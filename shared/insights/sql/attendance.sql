-- How many people were there at each of the stays: in slots of time, which are bits, of the stay's first mask; and in some of its
-- second, too; and whether those are enough for it to be told. An event that is there twice does no harm.
WITH ${sources},
contributions AS (
  ${contributions}
),
placed AS (
  SELECT ${labels}user_id, salt_version, numerator, denominator, ${slot} AS slot
  FROM contributions
  WHERE ${chosen} AND user_id IS NOT NULL
),
people AS (
  SELECT ${labels}user_id, ANY_VALUE(salt_version) AS salt_version, ${words}
  FROM placed
  GROUP BY ${labels}user_id
),
stays AS (
  SELECT number, ${masks}
  FROM UNNEST(@first_0) AS first_0 WITH OFFSET AS number
)
SELECT number, ${labels}COUNTIF(${stayed}) AS numerator, COUNTIF(${asked}) AS denominator, ${enough} AS enough
FROM people
CROSS JOIN stays
WHERE ${counted} OR ${asked}
GROUP BY ${labels}number
