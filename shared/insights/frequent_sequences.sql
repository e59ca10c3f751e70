-- The sequences of operations that were mined last, the most frequent first: those of at least @users people that are run at
-- least @frequency times and succeed at least at the rate @success_rate.
SELECT pattern, operations, frequency, user_count, success_rate, avg_duration, template_candidate
FROM sequence_patterns
WHERE generated_at = (SELECT MAX(generated_at) FROM sequence_patterns WHERE generated_at >= @since)
  AND generated_at >= @since
  AND user_count >= @users AND frequency >= @frequency AND success_rate >= @success_rate
QUALIFY ROW_NUMBER() OVER (ORDER BY frequency DESC, pattern) <= @limit
ORDER BY frequency DESC, pattern
