# Kompo on Google Cloud. What is deployed is declared in infra/suite.yaml, infra/bigquery and firestore.indexes.json; nothing
# here names a function, job, topic, schedule, bucket or table.
#
#   gcloud storage buckets create gs://PROJECT-terraform --uniform-bucket-level-access
#   terraform init -backend-config=bucket=PROJECT-terraform
#   terraform apply -target=google_artifact_registry_repository.images -var project=PROJECT -var public_url=… -var release=TAG
#   docker build -f infra/images/jobs.Dockerfile -t REGION-docker.pkg.dev/PROJECT/kompo/jobs:TAG . && docker push …
#   docker build -f infra/images/jobs-gpu.Dockerfile --build-arg JOBS=…/kompo/jobs:TAG -t …/kompo/jobs-gpu:TAG . && docker push …
#   terraform apply -var project=PROJECT -var public_url=https://app.example.org -var release=TAG

terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.47, < 8"
    }
    archive = {
      source  = "hashicorp/archive"
      version = "~> 2.7"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  backend "gcs" {
    prefix = "kompo"
  }
}

provider "google" {
  project = var.project
  region  = module.manifest.region
  # Identity Platform and the Firebase rules bill their quota to the caller's project unless told otherwise.
  billing_project       = var.project
  user_project_override = true
}

module "manifest" {
  source = "./manifest"
  root   = local.root
}

locals {
  root   = abspath("${path.module}/../..")
  region = module.manifest.region

  # What every function and job is told about its surroundings (shared/core/settings.py).
  environment = merge(var.settings, {
    GOOGLE_CLOUD_PROJECT = var.project
    KOMPO_REGION         = local.region
    KOMPO_DATASET        = module.manifest.dataset
    KOMPO_DATABASE       = google_firestore_database.documents.name
    KOMPO_PUBLIC_URL     = var.public_url
  })

  services = toset([
    "artifactregistry", "bigquery", "cloudbuild", "cloudfunctions", "cloudscheduler", "eventarc", "firebaserules",
    "firestore", "iam", "iamcredentials", "identitytoolkit", "logging", "pubsub", "run", "secretmanager", "storage",
  ])
}

data "google_project" "this" {
  project_id = var.project
  depends_on = [google_project_service.enabled]
}

resource "google_project_service" "enabled" {
  for_each           = local.services
  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}
