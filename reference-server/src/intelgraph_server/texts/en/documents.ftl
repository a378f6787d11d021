# What every document shares: its header, its footer, its seal.
document-issuer = IntelGraph
document-page-separator = of
document-page = Page
document-issued = Issued { DATETIME($at) }
document-test-mode = Test mode
document-test-mode-explained = No real money moves, and the issuer's certificate is a test certificate.
document-signed = This file is digitally signed by its issuer. Check it offline: intelgraph-server verify FILE --root issuer.pem
