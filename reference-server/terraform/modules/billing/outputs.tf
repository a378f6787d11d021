output "webhook_path" {
  description = "Where Stripe sends its webhooks, below the server's address."
  value       = local.webhook_path
}

output "environment" {
  description = "Billing's part of the server's environment."
  sensitive   = true
  value = {
    STRIPE_SECRET_KEY     = var.secret_key
    STRIPE_WEBHOOK_SECRET = var.webhook_secret
  }
}
