locals {
  address = "https://${var.domain}"
}
