# Who may do what. Functions that people call, functions that the platform calls, and jobs each have their own account;
# `invoker` is the one that Pub/Sub, Scheduler and Eventarc call functions with, and can do nothing else.

locals {
  accounts = {
    api     = "Functions called over HTTP"
    worker  = "Functions called by events, messages and schedules"
    job     = "Cloud Run jobs"
    invoker = "Calls the functions for Pub/Sub, Scheduler and Eventarc"
    builder = "Builds the functions"
  }

  runtimes = toset(["api", "worker", "job"])

  project_roles = {
    "api datastore"    = { account = "api", role = "roles/datastore.user" }
    "api queries"      = { account = "api", role = "roles/bigquery.jobUser" }
    "api users"        = { account = "api", role = "roles/firebaseauth.admin" }
    "worker datastore" = { account = "worker", role = "roles/datastore.user" }
    "worker queries"   = { account = "worker", role = "roles/bigquery.jobUser" }
    "worker users"     = { account = "worker", role = "roles/firebaseauth.admin" }
    "job datastore"    = { account = "job", role = "roles/datastore.user" }
    "job queries"      = { account = "job", role = "roles/bigquery.jobUser" }
    "job users"        = { account = "job", role = "roles/firebaseauth.viewer" }
    "invoker events"   = { account = "invoker", role = "roles/eventarc.eventReceiver" }
    "builder builds"   = { account = "builder", role = "roles/cloudbuild.builds.builder" }
  }

  # Listing versions is not part of reading one.
  secret_users = {
    "api reads"    = { account = "api", role = "roles/secretmanager.secretAccessor" }
    "api lists"    = { account = "api", role = "roles/secretmanager.viewer" }
    "worker reads" = { account = "worker", role = "roles/secretmanager.secretAccessor" }
    "worker turns" = { account = "worker", role = "roles/secretmanager.secretVersionManager" }
    "job reads"    = { account = "job", role = "roles/secretmanager.secretAccessor" }
    "job lists"    = { account = "job", role = "roles/secretmanager.viewer" }
  }

  storage_agent = "service-${data.google_project.this.number}@gs-project-accounts.iam.gserviceaccount.com"
  pubsub_agent  = "service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  # Every pair of a runtime account and a thing that all of them use.
  bucket_users = { for pair in setproduct(local.runtimes, keys(module.manifest.buckets)) : join(" ", pair) => pair }
  publishers   = { for pair in setproduct(local.runtimes, module.manifest.topics) : join(" ", pair) => pair }
}

resource "google_service_account" "account" {
  for_each     = local.accounts
  account_id   = "kompo-${each.key}"
  display_name = each.value
  depends_on   = [google_project_service.enabled]
}

resource "google_project_iam_member" "granted" {
  for_each = local.project_roles
  project  = var.project
  role     = each.value.role
  member   = google_service_account.account[each.value.account].member
}

resource "google_storage_bucket_iam_member" "objects" {
  for_each = local.bucket_users
  bucket   = google_storage_bucket.bucket[each.value[1]].name
  role     = "roles/storage.objectAdmin"
  member   = google_service_account.account[each.value[0]].member
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = local.publishers
  topic    = google_pubsub_topic.topic[each.value[1]].name
  role     = "roles/pubsub.publisher"
  member   = google_service_account.account[each.value[0]].member
}

resource "google_bigquery_dataset_iam_member" "editor" {
  for_each   = toset(["api", "worker"])
  dataset_id = google_bigquery_dataset.analytics.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.account[each.key].member
}

# Exports are made by jobs.
resource "google_bigquery_dataset_iam_member" "viewer" {
  dataset_id = google_bigquery_dataset.analytics.dataset_id
  role       = "roles/bigquery.dataViewer"
  member     = google_service_account.account["job"].member
}

# The API signs upload and download URLs with its own account, without a key file.
resource "google_service_account_iam_member" "signer" {
  for_each           = toset(["api", "job"])
  service_account_id = google_service_account.account[each.key].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.account[each.key].member
}

# Starting and cancelling executions.
resource "google_cloud_run_v2_job_iam_member" "starter" {
  for_each = { for pair in setproduct(["api", "worker"], keys(module.manifest.jobs)) : join(" ", pair) => pair }
  name     = google_cloud_run_v2_job.job[each.value[1]].name
  location = local.region
  role     = "roles/run.jobsExecutorWithOverrides"
  member   = google_service_account.account[each.value[0]].member
}

resource "google_project_iam_member" "storage_events" {
  project = var.project
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${local.storage_agent}"
}

resource "google_service_account_iam_member" "push_tokens" {
  service_account_id = google_service_account.account["invoker"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = "serviceAccount:${local.pubsub_agent}"
}
