variable "project" {
  description = "Project to deploy to."
  type        = string
}

variable "public_url" {
  description = "Origin of the web app and of the API, as browsers see it."
  type        = string

  validation {
    condition     = can(regex("^https://[^/]+$", var.public_url))
    error_message = "public_url is an origin such as https://app.example.org, without a path."
  }
}

variable "release" {
  description = "Tag of the job images that have been pushed."
  type        = string
}

variable "settings" {
  description = "Further settings of shared/core/settings.py for functions and jobs, such as KOMPO_SMTP_HOST. No secrets."
  type        = map(string)
  default     = {}
}

variable "firestore_location" {
  description = "Location of the documents; it can never be changed."
  type        = string
  default     = "nam5"
}

variable "deletion_protection" {
  description = "Refuse to destroy what holds data."
  type        = bool
  default     = true
}
