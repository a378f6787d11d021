# What the portal and billing need of their surroundings, as the environment of the server.
# Nothing is downloaded: no provider is used, so that a secret goes to the server and to no other.
terraform {
  required_version = ">= 1.5"
}

variable "stripe_webhook_secret" {
  description = "Signs the webhooks of Stripe's test mode."
  type        = string
  sensitive   = true
}

module "trust_portal" {
  source      = "./modules/portal"
  domain      = "trust.intelgraph.example"
  signed_urls = true
}

module "billing" {
  source         = "./modules/billing"
  stripe_mode    = "test"
  webhook_secret = var.stripe_webhook_secret
}

output "environment" {
  description = "The environment variables of `intelgraph-server serve`."
  value       = merge(module.trust_portal.environment, module.billing.environment)
  sensitive   = true
}

output "addresses" {
  description = "Where people and Stripe reach the server."
  value = {
    portal  = module.trust_portal.address
    webhook = "${module.trust_portal.address}${module.billing.webhook_path}"
  }
}
