-- How many people there were in each of the asked: in all, or with one value of a dimension; and whether those are enough for it to
-- be told. Of each person, all of this is a matter of bits in some words.
WITH ${sources},
contributions AS (
  ${contributions}
),
present AS (
  SELECT ${dimensions}, user_id, salt_version
  FROM contributions
  WHERE ${chosen} AND user_id IS NOT NULL AND numerator > 0
),
${numbers},
people AS (
  SELECT user_id, ANY_VALUE(salt_version) AS salt_version, ${words}
  FROM present
  ${numbered}
  GROUP BY user_id
),
alike AS (
  SELECT said.word AS word, said.bits AS bits, salt_version, COUNT(*) AS people
  FROM people
  CROSS JOIN UNNEST([${each}]) AS said
  GROUP BY word, bits, salt_version
),
asked AS (
  SELECT place, word, @masks[OFFSET(place)] AS mask
  FROM UNNEST(@words) AS word WITH OFFSET AS place
)
SELECT place, SUM(people) AS people, ${enough} AS enough
FROM alike
JOIN asked ON asked.word = alike.word
WHERE (bits & mask) <> 0
GROUP BY place
