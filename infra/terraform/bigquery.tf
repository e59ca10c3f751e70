# Analytics.

resource "google_bigquery_dataset" "analytics" {
  dataset_id = module.manifest.dataset
  location   = local.region
  depends_on = [google_project_service.enabled]
}

resource "google_bigquery_table" "table" {
  for_each            = module.manifest.tables
  dataset_id          = google_bigquery_dataset.analytics.dataset_id
  table_id            = each.key
  schema              = file(each.value.schema)
  clustering          = length(each.value.cluster) > 0 ? each.value.cluster : null
  deletion_protection = var.deletion_protection

  dynamic "time_partitioning" {
    for_each = each.value.partition[*]
    content {
      field         = time_partitioning.value.field
      type          = time_partitioning.value.type
      expiration_ms = try(time_partitioning.value.expiration_days * 86400000, null)
    }
  }
}
