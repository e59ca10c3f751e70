IF(
    NOT ${personal} OR NOT @everybody
      OR ${dimension} IN (SELECT ${dimension} FROM chosen GROUP BY ${dimension} HAVING ${k_anonymous}),
    ${dimension},
    NULL
  ) AS ${dimension},
