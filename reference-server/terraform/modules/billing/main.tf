locals {
  webhook_path = "/stripe/webhook"
}
