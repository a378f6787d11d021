# What the given policy leaves open: it lets evidence about persons through, and takes null for a
# hash and a signature. An item is published only when this policy has no reason against it.
package intelgraph.trust.strict

known_category { input.category == "slo" }
known_category { input.category == "evidence" }

free_of_pii { input.contains_pii == false }

has_hash { regex.match("^[0-9a-f]{64}$", input.hash) }

is_verified { input.signature_verified == true }

deny["The category is neither `slo` nor `evidence`."] { not known_category }

deny["It is not said to be free of data about persons."] { not free_of_pii }

deny["The hash is no SHA-256 in lower case hexadecimal digits."] {
  input.category == "evidence"
  not has_hash
}

deny["The signature was not verified."] {
  input.category == "evidence"
  not is_verified
}
