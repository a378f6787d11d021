variable "stripe_mode" {
  description = "Payments are tried and never taken."
  type        = string
  default     = "test"

  validation {
    condition     = var.stripe_mode == "test"
    error_message = "Billing runs in Stripe's test mode only, see ADR-043."
  }
}

variable "webhook_secret" {
  description = "Signs the webhooks of Stripe's test mode."
  type        = string
  sensitive   = true

  validation {
    condition     = startswith(var.webhook_secret, "whsec_")
    error_message = "Stripe's webhook secrets begin with whsec_."
  }
}

variable "secret_key" {
  description = "A key of Stripe's test mode; empty for the sandbox that is part of the server."
  type        = string
  default     = ""
  sensitive   = true

  validation {
    condition     = var.secret_key == "" || can(regex("^(sk|rk)_test_", var.secret_key))
    error_message = "The key is one of Stripe's test mode, see ADR-043."
  }
}
