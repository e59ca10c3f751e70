# Long work. The image is named after its Dockerfile: infra/images/jobs.Dockerfile -> jobs.

locals {
  images = {
    for name, job in module.manifest.jobs : name => join("/", [
      "${local.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}",
      "${trimsuffix(basename(job.image), ".Dockerfile")}:${var.release}",
    ])
  }
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "kompo"
  location      = local.region
  format        = "DOCKER"
  depends_on    = [google_project_service.enabled]
}

resource "google_cloud_run_v2_job" "job" {
  for_each            = module.manifest.jobs
  name                = replace(each.key, "_", "-")
  location            = local.region
  deletion_protection = false

  template {
    # Who runs it says how many tasks there are, up to this many.
    task_count = each.value.max_tasks

    template {
      service_account               = google_service_account.account["job"].email
      max_retries                   = each.value.max_retries
      timeout                       = "${each.value.timeout}s"
      gpu_zonal_redundancy_disabled = each.value.gpu == null ? null : true

      containers {
        image = local.images[each.key]
        args  = each.value.args

        resources {
          limits = merge(
            { cpu = tostring(each.value.cpu), memory = each.value.memory },
            each.value.gpu == null ? {} : { "nvidia.com/gpu" = tostring(each.value.gpu.count) },
          )
        }

        dynamic "env" {
          for_each = local.environment
          content {
            name  = env.key
            value = env.value
          }
        }
      }

      dynamic "node_selector" {
        for_each = each.value.gpu[*]
        content {
          accelerator = node_selector.value.type
        }
      }
    }
  }

  depends_on = [google_project_iam_member.granted, google_secret_manager_secret_iam_member.reader]
}
