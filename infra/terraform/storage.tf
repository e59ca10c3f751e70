# Buckets. They are private: browsers come in with resumable session URLs and signed URLs only.

locals {
  storage_classes = { nearline = "NEARLINE", coldline = "COLDLINE", archive = "ARCHIVE" }
  lifecycle_types = { delete = "Delete", abort_multipart = "AbortIncompleteMultipartUpload" }
}

resource "google_storage_bucket" "bucket" {
  for_each                    = module.manifest.buckets
  name                        = "${var.project}-${each.key}"
  location                    = local.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection

  versioning {
    enabled = each.value.versioning
  }

  dynamic "cors" {
    for_each = each.value.cors ? [var.public_url] : []
    content {
      origin          = [cors.value]
      method          = ["GET", "HEAD", "PUT", "POST", "OPTIONS"]
      response_header = ["Content-Type", "Content-Range", "Range", "ETag", "Location", "x-goog-resumable", "x-goog-hash"]
      max_age_seconds = 3600
    }
  }

  dynamic "lifecycle_rule" {
    for_each = each.value.lifecycle
    content {
      action {
        type          = lookup(local.lifecycle_types, lifecycle_rule.value.action, "SetStorageClass")
        storage_class = lookup(local.storage_classes, lifecycle_rule.value.action, null)
      }

      condition {
        age            = lifecycle_rule.value.age_days
        matches_prefix = compact([lifecycle_rule.value.prefix])
      }
    }
  }

  depends_on = [google_project_service.enabled]
}
