-- How many people were there at each of the stays: in some of the slots of time, which are bits, of its first span; and in some of
-- its second, too; and whether those are enough for it to be told. An event that is there twice does no harm.
WITH ${sources},
contributions AS (
  ${contributions}
),
placed AS (
  SELECT ${labels}user_id, salt_version, numerator, denominator, ${slot} AS slot
  FROM contributions
  WHERE ${chosen} AND user_id IS NOT NULL
),
marked AS (
  SELECT * EXCEPT (slot), ${word} AS word, ${bit} AS bit
  FROM placed
),
people AS (
  SELECT ${labels}user_id, ${salt} AS salt_version, ${words}
  FROM marked
  GROUP BY ${labels}user_id
),
alike AS (
  SELECT ${labels}salt_version, ${bits}, COUNT(*) AS people
  FROM people
  GROUP BY ${labels}salt_version, ${bits}
),
stays AS (
  SELECT number, ${masks}
  FROM (
    SELECT
      number,
      first_begin,
      @first_ends[OFFSET(number)] AS first_end,
      @second_begins[OFFSET(number)] AS second_begin,
      @second_ends[OFFSET(number)] AS second_end
    FROM UNNEST(@first_begins) AS first_begin WITH OFFSET AS number
  )
)
SELECT number, ${labels}SUM(IF(${stayed}, people, 0)) AS numerator, SUM(IF(${asked}, people, 0)) AS denominator, ${enough} AS enough
FROM alike
CROSS JOIN stays
WHERE ${counted} OR ${asked}
GROUP BY ${labels}number
