"""Cloud Scheduler on this machine: REST v1, cron expressions with time zones, HTTP and Pub/Sub targets."""
