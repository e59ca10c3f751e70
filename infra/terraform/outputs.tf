output "functions" {
  description = "URL of each function."
  value       = { for name, function in google_cloudfunctions2_function.function : name => function.service_config[0].uri }
}

output "buckets" {
  description = "Deployed name of each bucket."
  value       = { for name, bucket in google_storage_bucket.bucket : name => bucket.name }
}

output "images" {
  description = "Where each job's image is expected."
  value       = local.images
}
