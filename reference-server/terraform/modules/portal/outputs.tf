output "address" {
  description = "Where the portal is reached."
  value       = local.address
}

output "environment" {
  description = "The portal's part of the server's environment."
  value = {
    INTELGRAPH_PUBLIC_URL = local.address
    INTELGRAPH_LAKE_URL   = var.lake_url
  }
}
