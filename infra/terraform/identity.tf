# People sign in with Identity Platform. This resource cannot be deleted, only be forgotten by Terraform.

resource "google_identity_platform_config" "sign_in" {
  autodelete_anonymous_users = true
  authorized_domains         = ["localhost", trimprefix(var.public_url, "https://"), "${var.project}.firebaseapp.com"]

  sign_in {
    allow_duplicate_emails = false

    email {
      enabled           = true
      password_required = true
    }

    anonymous {
      enabled = true
    }
  }

  depends_on = [google_project_service.enabled]
}
