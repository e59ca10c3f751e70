# The salt that user ids are hashed with in analytics. It is made here and written to Secret Manager without ever being part
# of a plan or of the state. With a new version, new events can no longer be joined with those hashed before.

ephemeral "random_password" "user_salt" {
  length  = 64
  special = false
}

resource "google_secret_manager_secret" "user_salt" {
  secret_id = "kompo-user-salt"

  replication {
    auto {}
  }

  depends_on = [google_project_service.enabled]
}

resource "google_secret_manager_secret_version" "user_salt" {
  secret                 = google_secret_manager_secret.user_salt.id
  secret_data_wo         = ephemeral.random_password.user_salt.result
  secret_data_wo_version = var.user_salt_version
  deletion_policy        = "DISABLE"
}

resource "google_secret_manager_secret_iam_member" "user_salt" {
  for_each  = local.runtimes
  secret_id = google_secret_manager_secret.user_salt.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.account[each.key].member
}
