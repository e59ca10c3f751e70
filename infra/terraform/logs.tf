# The platform writes a line of its own for each request, with the caller's IP address. Kompo writes one without (see
# docs/privacy.md), so that one is not kept.
resource "google_logging_project_exclusion" "addresses" {
  name        = "callers-addresses"
  description = "Lines of the platform about requests hold IP addresses."
  filter      = "logName=\"projects/${var.project}/logs/run.googleapis.com%2Frequests\""
  depends_on  = [google_project_service.enabled]
}
