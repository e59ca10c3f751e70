# The manifest as infra/manifest.py reads it: what infra/suite.yaml leaves out has its default here. No provider is needed,
# so that a test can evaluate this module and compare it with the Python model.

variable "root" {
  description = "Folder of the repository."
  type        = string
}

locals {
  suite = yamldecode(file("${var.root}/infra/suite.yaml"))

  functions = {
    for f in local.suite.functions : f.name => {
      source        = f.source
      memory        = f.memory
      cpu           = f.cpu
      concurrency   = f.concurrency
      timeout       = f.timeout
      retry         = try(f.retry, false)
      max_instances = try(f.max_instances, 20)
      requirements  = try(f.requirements, "requirements.txt")
      http          = contains(keys(f.trigger), "http") ? { public = try(f.trigger.http.public, false) } : null
      storage       = try({ bucket = f.trigger.storage.bucket, event = f.trigger.storage.event }, null)
      subscriptions = try(f.trigger.pubsub.subscriptions, [])
      schedule      = try(f.trigger.schedule, null)
    }
  }

  jobs = {
    for j in local.suite.jobs : j.name => {
      args        = j.args
      image       = j.image
      cpu         = j.cpu
      memory      = j.memory
      timeout     = j.timeout
      max_retries = j.max_retries
      max_tasks   = j.max_tasks
      gpu         = try({ type = j.gpu.type, count = try(j.gpu.count, 1) }, null)
    }
  }

  subscriptions = {
    for s in local.suite.subscriptions : s.name => {
      topic        = s.topic
      push         = try(s.push, null)
      ack_deadline = s.ack_deadline
      min_backoff  = try(s.min_backoff, 10)
      max_backoff  = try(s.max_backoff, 600)
      dead_letter  = try({ topic = s.dead_letter.topic, max_attempts = s.dead_letter.max_attempts }, null)
      filter       = try(s.filter, "")
      ordering     = try(s.ordering, false)
    }
  }

  schedules = {
    for s in local.suite.schedules : s.name => {
      cron     = s.cron
      function = s.function
      timezone = try(s.timezone, "Etc/UTC")
    }
  }

  buckets = {
    for b in local.suite.buckets : b.name => {
      cors       = try(b.cors, false)
      versioning = try(b.versioning, false)
      lifecycle = [
        for rule in try(b.lifecycle, []) : { action = rule.action, age_days = rule.age_days, prefix = try(rule.prefix, "") }
      ]
    }
  }

  tables = {
    for t in local.suite.tables : t.name => {
      partition = try({
        field           = t.partition.field
        type            = try(t.partition.type, "DAY")
        expiration_days = try(t.partition.expiration_days, null)
      }, null)
      cluster = try(t.cluster, [])
      schema  = "${var.root}/infra/bigquery/${t.name}.json"
    }
  }

  secrets = { for s in local.suite.secrets : s.name => { random_bytes = s.random_bytes } }

  firestore = jsondecode(file("${var.root}/${local.suite.indexes}"))

  indexes = {
    for index in local.firestore.indexes :
    join("/", concat(
      [index.collectionGroup, index.queryScope],
      [for field in index.fields : "${field.fieldPath} ${try(field.order, field.arrayConfig)}"],
      )) => {
      collection  = index.collectionGroup
      query_scope = index.queryScope
      fields = [
        for field in index.fields :
        { path = field.fieldPath, order = try(field.order, null), array_config = try(field.arrayConfig, null) }
      ]
    }
  }

  fields = {
    for field in try(local.firestore.fieldOverrides, []) : "${field.collectionGroup}/${field.fieldPath}" => {
      collection = field.collectionGroup
      path       = field.fieldPath
      ttl        = try(field.ttl, false)
      indexes = [
        for index in field.indexes : {
          query_scope  = try(index.queryScope, "COLLECTION")
          order        = try(index.order, null)
          array_config = try(index.arrayConfig, null)
        }
      ]
    }
  }
}

output "region" {
  value = local.suite.region
}

output "dataset" {
  value = local.suite.dataset
}

output "functions" {
  value = local.functions
}

output "jobs" {
  value = local.jobs
}

output "topics" {
  value = toset([for topic in local.suite.topics : topic.name])
}

output "subscriptions" {
  value = local.subscriptions
}

output "schedules" {
  value = local.schedules
}

output "buckets" {
  value = local.buckets
}

output "tables" {
  value = local.tables
}

output "secrets" {
  value = local.secrets
}

output "indexes" {
  value = local.indexes
}

output "fields" {
  value = local.fields
}
