# Topics, subscriptions and schedules: what calls the functions that are not called over HTTP.

resource "google_pubsub_topic" "topic" {
  for_each   = module.manifest.topics
  name       = each.key
  depends_on = [google_project_service.enabled]
}

resource "google_pubsub_subscription" "subscription" {
  for_each                   = module.manifest.subscriptions
  name                       = each.key
  topic                      = google_pubsub_topic.topic[each.value.topic].id
  ack_deadline_seconds       = each.value.ack_deadline
  filter                     = each.value.filter
  enable_message_ordering    = each.value.ordering
  message_retention_duration = "604800s"

  # Never deleted for want of use.
  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "${each.value.min_backoff}s"
    maximum_backoff = "${each.value.max_backoff}s"
  }

  dynamic "push_config" {
    for_each = each.value.push[*]
    content {
      push_endpoint = google_cloudfunctions2_function.function[push_config.value].service_config[0].uri

      oidc_token {
        service_account_email = google_service_account.account["invoker"].email
        audience              = google_cloudfunctions2_function.function[push_config.value].service_config[0].uri
      }
    }
  }

  dynamic "dead_letter_policy" {
    for_each = each.value.dead_letter[*]
    content {
      dead_letter_topic     = google_pubsub_topic.topic[dead_letter_policy.value.topic].id
      max_delivery_attempts = dead_letter_policy.value.max_attempts
    }
  }
}

# Moving a message to its dead-letter topic is publishing there and acknowledging here, by Pub/Sub's own account.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  for_each = toset([for s in module.manifest.subscriptions : s.dead_letter.topic if s.dead_letter != null])
  topic    = google_pubsub_topic.topic[each.key].name
  role     = "roles/pubsub.publisher"
  member   = "serviceAccount:${local.pubsub_agent}"
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each     = toset([for name, s in module.manifest.subscriptions : name if s.dead_letter != null])
  subscription = google_pubsub_subscription.subscription[each.key].name
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:${local.pubsub_agent}"
}

resource "google_cloud_scheduler_job" "schedule" {
  for_each  = module.manifest.schedules
  name      = each.key
  region    = local.region
  schedule  = each.value.cron
  time_zone = each.value.timezone
  # Scheduler takes 15 seconds to 30 minutes.
  attempt_deadline = "${min(max(module.manifest.functions[each.value.function].timeout, 15), 1800)}s"

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.function[each.value.function].service_config[0].uri

    oidc_token {
      service_account_email = google_service_account.account["invoker"].email
      audience              = google_cloudfunctions2_function.function[each.value.function].service_config[0].uri
    }
  }

  depends_on = [google_project_service.enabled]
}
