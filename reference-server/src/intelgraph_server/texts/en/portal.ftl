# What the trust page says, and what all pages of the portal share.

page-brand = IntelGraph
page-skip = Skip to the content
page-language = Language
page-help = Help and documentation
page-loading = Loading…
page-retry = Try again
page-failed = This could not be loaded
page-failed-action = This could not be done
page-failed-request = Request number for support: { $id }
page-failed-reason = What the service says:

page-error-UNAUTHENTICATED = Nobody is signed in, or the session has ended. Please sign in again.
page-error-FORBIDDEN = Your token does not grant this. Ask your administrator for the permission.
page-error-BAD_REQUEST = The service did not understand the request.
page-error-INVALID_DOCUMENT = This page and the service do not fit together. Please reload the page.
page-error-BAD_USER_INPUT = Something that was entered is not accepted.
page-error-PERSISTED_DOCUMENT_NOT_FOUND = This page and the service do not fit together. Please reload the page.
page-error-PERSISTED_DOCUMENT_REQUIRED = The service does not accept this page’s requests. Please reload the page.
page-error-PERSISTED_DOCUMENT_RETIRED = The service no longer accepts this page’s requests. Please reload the page.
page-error-DOCUMENT_TOO_COMPLEX = The service finds this request too large.
page-error-PAYLOAD_TOO_LARGE = What was sent is too large.
page-error-UNSUPPORTED_REQUEST = The service does not answer requests of this kind.
page-error-RATE_LIMITED = There were too many requests in a short time. Please wait a moment.
page-error-BUDGET_EXCEEDED = The budget of your plan for this period is used up.
page-error-CONFLICT = This is no longer possible, because something has happened in the meantime.
page-error-IDEMPOTENCY_KEY_REUSED = This was asked in another way before; start again from the beginning.
page-error-IDEMPOTENCY_KEY_IN_USE = The same request is still running; its answer will be here in a moment.
page-error-SWITCHED_OFF = This part of the service is switched off for now.
page-error-UNAVAILABLE = A part of the service is away for the moment. Please try again soon.
page-error-INTERNAL = The service failed. The request number helps support to find out why.
page-error-unreachable = The service cannot be reached. Please check your connection.

page-status-met = Met
page-status-at_risk = At risk
page-status-breached = Breached
page-status-unknown = Unknown
page-status-published = Published

page-age-now = less than a minute ago
page-age-minutes = { $count ->
    [one] one minute ago
   *[other] { NUM($count) } minutes ago
}
page-age-hours = { $count ->
    [one] one hour ago
   *[other] { NUM($count) } hours ago
}
page-age-days = { $count ->
    [one] one day ago
   *[other] { NUM($count) } days ago
}
page-instant = { DATETIME($at) }

page-trust-title = Trust Portal
page-trust-of = Trust Portal of { $name }
page-trust-kicker = Trust Portal
page-trust-generated = Put together { DATETIME($at) }
page-trust-all-met = Every objective is met.
page-trust-some = { $met ->
    [0] None of { NUM($total) } objectives is met.
   *[other] { NUM($met) } of { NUM($total) } objectives are met.
}
page-trust-none = No objective is shown here.
page-trust-unknown-note = “Unknown” means that there is no recent measurement. It never counts as good.

page-trust-objectives = Service objectives
page-trust-objectives-about = Measured by the service itself, and computed anew every few minutes.
page-trust-measured = Measured { $age }
page-trust-stale = Older than a day: read it as history, not as how things stand now.
page-topic-slo = Service level objective
page-topic-uptime = Uptime
page-topic-error_rate = Error rate
page-topic-slo-about = Whether the error budget of the period lasts.
page-topic-uptime-about = The share of time in which the service answers.
page-topic-error_rate-about = The share of requests that fail.
page-topic-other-about = Measured by the service itself.
page-status-met-about = Within the objective.
page-status-at_risk-about = Still within the objective, but close to leaving it.
page-status-breached-about = Outside the objective.
page-status-unknown-about = No recent measurement; this is not good news.

page-trust-security = Security
page-trust-security-about = How the service is kept safe.
page-trust-privacy = Privacy
page-trust-privacy-about = How data about persons is treated.
page-trust-control = Controls
page-trust-control-about = What is in place, and how it is tested.
page-trust-document = Documents
page-trust-document-about = Further documents that customers may ask for.
page-trust-empty = Nothing is published here.
page-trust-signed = Signed
page-trust-signed-about = Its hash is signed by the issuer; the document itself is given out on request.
page-trust-published = Published { DATE($at) }
page-trust-hash = SHA-256

page-trust-verify = How to verify
page-trust-verify-about = You need not take our word for any of this.
page-trust-verify-ask = Ask your contact for the document. Only its name and hash are public.
page-trust-verify-hash = Compute its SHA-256, and compare all 64 digits with those on this page:
page-trust-verify-issuer = Check the signature of what you were given, without a network:
page-trust-verify-certificate = Download the issuer’s certificate

page-trust-missing = There is no trust page here
page-trust-missing-about = Either nobody of this name uses the service, or their page is not public. For your safety we do not say which.
page-trust-missing-check = Please check the address, or ask whoever gave it to you.
