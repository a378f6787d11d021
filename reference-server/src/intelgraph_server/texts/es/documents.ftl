# Lo que comparten todos los documentos: su cabecera, su pie, su sello.
document-issuer = IntelGraph
document-page-separator = de
document-page = Página
document-issued = Emitido el { DATETIME($at) }
document-test-mode = Modo de prueba
document-test-mode-explained = No se mueve dinero real, y el certificado del emisor es de prueba.
document-signed = El emisor ha firmado digitalmente este archivo. Compruébelo sin conexión: intelgraph-server verify ARCHIVO --root issuer.pem
