# The attestation of where a tenant's data was kept and went, and the message that carries it.
residency-title = Data residency report
residency-subject = { $tenant }, up to the end of { $quarter }
residency-for = Tenant
residency-quarter = Quarter
residency-scope = Covers
residency-scope-until = Everything that happened before { DATETIME($end) }
residency-made = Made
residency-made-at = { DATETIME($at) }

residency-statement = Statement
residency-verdict = { $verdict ->
    [compliant] Compliant. Every export stayed in the jurisdiction of its dataset.
    [violated] Not compliant. At least one export left the jurisdiction of its dataset.
    [unknown] Not compliant. No export is known to have left the jurisdiction of its dataset, but at least one cannot be judged, and what cannot be judged does not count as compliant.
   *[empty] No exports. Nothing was exported, so nothing left the jurisdiction it is kept in.
}
residency-share = { $exports ->
    [0] There is no compliant share, because nothing was exported.
   *[other] { PCT($share) } of all exports are compliant; an unknown one counts as not compliant.
}

residency-summary = Summary
residency-judgement = Judgement
residency-count = Number
residency-compliant = Compliant exports
residency-violations = Violations
residency-unknown = Exports that cannot be judged
residency-exports = All exports
residency-no-exports = Datasets that were never exported

residency-violations-none = No export left the jurisdiction of its dataset.
residency-unknown-none = There is no export that cannot be judged.
residency-export = Export
residency-dataset = Dataset
residency-from = Kept in
residency-to = Went to
residency-left = Left
residency-not-told = not recorded
residency-no-jurisdiction = no known jurisdiction

residency-datasets = Datasets
residency-datasets-none = No dataset is recorded.
residency-compliant-short = Compliant
residency-violations-short = Violations
residency-unknown-short = Unknown

residency-method = How this was judged
residency-method-compared = Each export is judged by the jurisdictions of two regions, the one its dataset is kept in and the one it went to, and not by the regions' names. It is compliant when both belong to the same jurisdiction and a violation when they belong to different ones.
residency-method-unknown = An export cannot be judged when a region is not recorded, or belongs to none of the jurisdictions below. It is then listed as such, and never counted as compliant.
residency-method-scope = The report covers the exports that left before { DATETIME($end) } and the datasets recorded until then, as they were recorded when it was made. What was recorded later is in the next report. It rests on what { $tenant } recorded and on nothing else.
residency-jurisdiction = Jurisdiction
residency-regions = Regions
residency-reason = Data residency report { $quarter }

# The message.
residency-mail-subject = Data residency report { $quarter }: { $verdict ->
    [compliant] compliant
    [violated] not compliant
    [unknown] not compliant, some exports cannot be judged
   *[empty] no exports
}
residency-mail-body =
    The data residency report for { $quarter } has been made and is attached.

    { $verdict ->
        [compliant] Every export stayed in the jurisdiction of its dataset.
        [violated] At least one export left the jurisdiction of its dataset. The report lists each one.
        [unknown] At least one export cannot be judged, so the quarter does not count as compliant. The report lists each one.
       *[empty] Nothing was exported.
    }

    The file is digitally signed. You can check it without asking us:
    intelgraph-server verify FILE --root issuer.pem
