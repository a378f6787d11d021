variable "domain" {
  description = "The host under which the portal and its links are reached."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "The domain is a host name in small letters, without a scheme or a path."
  }
}

variable "signed_urls" {
  description = "Whether links to evidence are signed and expire; the server knows no others."
  type        = bool
  default     = true

  validation {
    condition     = var.signed_urls
    error_message = "Links to evidence are always signed, see ADR-045."
  }
}

variable "lake_url" {
  description = "Where documents are kept: file:///folder or s3://bucket."
  type        = string
  default     = "file:///var/lib/intelgraph/lake"

  validation {
    condition     = can(regex("^(file:///|s3://).+", var.lake_url))
    error_message = "The lake is a folder or an S3 bucket; memory would forget the evidence."
  }
}
