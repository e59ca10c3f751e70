# Documents: the database, who may read what, composite indexes, and fields that expire or are not indexed.

resource "google_firestore_database" "documents" {
  name                              = "(default)"
  location_id                       = var.firestore_location
  type                              = "FIRESTORE_NATIVE"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = var.deletion_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = var.deletion_protection ? "ABANDON" : "DELETE"
  depends_on                        = [google_project_service.enabled]
}

resource "google_firebaserules_ruleset" "documents" {
  source {
    files {
      name    = "firestore.rules"
      content = file("${local.root}/firestore.rules")
    }
  }

  # The release moves to the new rules before the old ones go.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_firestore_database.documents]
}

resource "google_firebaserules_release" "documents" {
  name         = "cloud.firestore"
  ruleset_name = google_firebaserules_ruleset.documents.name
}

resource "google_firestore_index" "index" {
  for_each    = module.manifest.indexes
  database    = google_firestore_database.documents.name
  collection  = each.value.collection
  query_scope = each.value.query_scope

  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path   = fields.value.path
      order        = fields.value.order
      array_config = fields.value.array_config
    }
  }
}

resource "google_firestore_field" "field" {
  for_each   = module.manifest.fields
  database   = google_firestore_database.documents.name
  collection = each.value.collection
  field      = each.value.path

  dynamic "ttl_config" {
    for_each = each.value.ttl ? [true] : []
    content {}
  }

  # Without indexes inside, it turns the automatic ones off.
  index_config {
    dynamic "indexes" {
      for_each = each.value.indexes
      content {
        query_scope  = indexes.value.query_scope
        order        = indexes.value.order
        array_config = indexes.value.array_config
      }
    }
  }
}
