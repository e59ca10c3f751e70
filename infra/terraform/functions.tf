# The functions: the same archive but for its requirements.txt, one entry point each.

locals {
  packages = toset([for function in module.manifest.functions : function.requirements])
  sources = setunion(
    fileset(local.root, "functions/**/*.{py,sql,yaml,json,html,j2,txt,md,toml,typed}"),
    fileset(local.root, "shared/**/*.{py,sql,yaml,json,html,j2,txt,md,toml,typed}"),
  )
}

data "archive_file" "source" {
  for_each    = local.packages
  type        = "zip"
  output_path = "${path.module}/.terraform/${each.key}.zip"

  dynamic "source" {
    for_each = local.sources
    content {
      filename = source.value
      content  = file("${local.root}/${source.value}")
    }
  }

  source {
    filename = "constraints.txt"
    content  = file("${local.root}/constraints.txt")
  }

  # The build installs /requirements.txt and nothing else.
  source {
    filename = "requirements.txt"
    content = join("\n", [
      "-c constraints.txt",
      replace(
        replace(
          file("${local.root}/${each.key}"), "-r requirements-reports.txt", file("${local.root}/requirements-reports.txt")
        ),
        "-r requirements.txt", file("${local.root}/requirements.txt")
      ),
    ])
  }
}

resource "google_storage_bucket" "source" {
  name                        = "${var.project}-functions-source"
  location                    = local.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  depends_on                  = [google_project_service.enabled]
}

resource "google_storage_bucket_object" "source" {
  for_each = local.packages
  bucket   = google_storage_bucket.source.name
  name     = "${data.archive_file.source[each.key].output_sha256}.zip"
  source   = data.archive_file.source[each.key].output_path
}

resource "google_cloudfunctions2_function" "function" {
  for_each = module.manifest.functions
  # The service behind a function cannot have underscores in its name.
  name     = replace(each.key, "_", "-")
  location = local.region

  build_config {
    runtime         = "python311"
    entry_point     = each.key
    service_account = google_service_account.account["builder"].id
    environment_variables = {
      GOOGLE_FUNCTION_SOURCE = each.value.source
    }

    source {
      storage_source {
        bucket = google_storage_bucket.source.name
        object = google_storage_bucket_object.source[each.value.requirements].name
      }
    }
  }

  service_config {
    available_memory                 = each.value.memory
    available_cpu                    = tostring(each.value.cpu)
    max_instance_request_concurrency = each.value.concurrency
    max_instance_count               = each.value.max_instances
    timeout_seconds                  = each.value.timeout
    service_account_email            = google_service_account.account[each.value.http == null ? "worker" : "api"].email
    ingress_settings                 = each.value.http == null ? "ALLOW_INTERNAL_ONLY" : "ALLOW_ALL"
    environment_variables            = merge(local.environment, { PYTHONPATH = "/workspace" })
  }

  dynamic "event_trigger" {
    for_each = each.value.storage[*]
    content {
      event_type            = "google.cloud.storage.object.v1.${event_trigger.value.event}"
      trigger_region        = local.region
      service_account_email = google_service_account.account["invoker"].email
      retry_policy          = each.value.retry ? "RETRY_POLICY_RETRY" : "RETRY_POLICY_DO_NOT_RETRY"

      event_filters {
        attribute = "bucket"
        value     = google_storage_bucket.bucket[event_trigger.value.bucket].name
      }
    }
  }

  depends_on = [
    google_project_iam_member.granted,
    google_project_iam_member.storage_events,
    google_secret_manager_secret_iam_member.reader,
  ]
}

# Public functions authenticate their callers themselves; all others are called by the platform alone.
resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = module.manifest.functions
  location = local.region
  name     = google_cloudfunctions2_function.function[each.key].service_config[0].service
  role     = "roles/run.invoker"
  member   = try(each.value.http.public, false) ? "allUsers" : google_service_account.account["invoker"].member
}
