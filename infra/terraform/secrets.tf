# The secrets of the manifest, each with a first version. That is made here and written to Secret Manager without ever being part
# of a plan or of the state. Those after it are made, and old ones destroyed, by the function rotate_salt.

ephemeral "random_password" "first" {
  for_each = module.manifest.secrets
  length   = each.value.random_bytes * 2
  special  = false
}

resource "google_secret_manager_secret" "secret" {
  for_each  = module.manifest.secrets
  secret_id = each.key

  replication {
    auto {}
  }

  depends_on = [google_project_service.enabled]
}

resource "google_secret_manager_secret_version" "first" {
  for_each               = module.manifest.secrets
  secret                 = google_secret_manager_secret.secret[each.key].id
  secret_data_wo         = ephemeral.random_password.first[each.key].result
  secret_data_wo_version = 1
  deletion_policy        = "ABANDON"
}

# All read the salts; the worker, which has the schedules, makes and destroys them.
resource "google_secret_manager_secret_iam_member" "reader" {
  for_each  = { for pair in setproduct(keys(local.secret_users), keys(module.manifest.secrets)) : join(" ", pair) => pair }
  secret_id = google_secret_manager_secret.secret[each.value[1]].id
  role      = local.secret_users[each.value[0]].role
  member    = google_service_account.account[local.secret_users[each.value[0]].account].member
}

# What notification channels sign in with. Operators make these secrets themselves, as notification-…; no other is read for them.
resource "google_project_iam_member" "notification_secrets" {
  for_each = {
    for pair in setproduct(["api", "worker"], ["secretAccessor", "viewer"]) : join(" ", pair) => { account = pair[0], role = pair[1] }
  }
  project = var.project
  role    = "roles/secretmanager.${each.value.role}"
  member  = google_service_account.account[each.value.account].member

  condition {
    title      = "Secrets of notification channels"
    expression = "resource.name.startsWith(\"projects/${data.google_project.this.number}/secrets/notification-\")"
  }
}

# The keys of language models that rank clips. Operators make these secrets themselves, as model-key-…; only the jobs read them.
resource "google_project_iam_member" "model_keys" {
  project = var.project
  role    = "roles/secretmanager.secretAccessor"
  member  = google_service_account.account["job"].member

  condition {
    title      = "Keys of language models"
    expression = "resource.name.startsWith(\"projects/${data.google_project.this.number}/secrets/model-key-\")"
  }
}
