# Lo que dice la página de confianza y lo que comparten todas las páginas del portal.

page-brand = IntelGraph
page-skip = Ir al contenido
page-language = Idioma
page-help = Ayuda y documentación
page-loading = Cargando…
page-retry = Reintentar
page-failed = No se ha podido cargar
page-failed-action = No se ha podido realizar
page-failed-request = Número de solicitud para soporte: { $id }
page-failed-reason = Lo que dice el servicio:

page-error-UNAUTHENTICATED = No ha iniciado sesión o su sesión ha terminado. Inicie sesión de nuevo.
page-error-FORBIDDEN = Su token no concede este permiso. Pídalo a su administrador.
page-error-BAD_REQUEST = El servicio no ha entendido la solicitud.
page-error-INVALID_DOCUMENT = Esta página y el servicio no concuerdan. Vuelva a cargar la página.
page-error-BAD_USER_INPUT = No se acepta alguno de los datos introducidos.
page-error-PERSISTED_DOCUMENT_NOT_FOUND = Esta página y el servicio no concuerdan. Vuelva a cargar la página.
page-error-PERSISTED_DOCUMENT_REQUIRED = El servicio no acepta las solicitudes de esta página. Vuelva a cargar la página.
page-error-PERSISTED_DOCUMENT_RETIRED = El servicio ya no acepta las solicitudes de esta página. Vuelva a cargar la página.
page-error-DOCUMENT_TOO_COMPLEX = El servicio considera demasiado grande esta solicitud.
page-error-PAYLOAD_TOO_LARGE = Lo que se ha enviado es demasiado grande.
page-error-UNSUPPORTED_REQUEST = El servicio no responde a solicitudes de este tipo.
page-error-RATE_LIMITED = Ha habido demasiadas solicitudes en poco tiempo. Espere un momento.
page-error-BUDGET_EXCEEDED = El presupuesto de su plan para este periodo está agotado.
page-error-CONFLICT = Ya no es posible, porque mientras tanto ha cambiado algo.
page-error-IDEMPOTENCY_KEY_REUSED = Esto ya se pidió antes de otra manera; empiece de nuevo desde el principio.
page-error-IDEMPOTENCY_KEY_IN_USE = La misma solicitud aún está en curso; su respuesta llegará en un momento.
page-error-SWITCHED_OFF = Esta parte del servicio está desactivada por ahora.
page-error-UNAVAILABLE = Una parte del servicio no está disponible por el momento. Inténtelo de nuevo en breve.
page-error-INTERNAL = El servicio ha fallado. El número de solicitud ayuda a soporte a averiguar la causa.
page-error-unreachable = No se puede acceder al servicio. Compruebe su conexión.

page-status-met = Cumplido
page-status-at_risk = En riesgo
page-status-breached = Incumplido
page-status-unknown = Desconocido
page-status-published = Publicado

page-age-now = hace menos de un minuto
page-age-minutes = { $count ->
    [one] hace un minuto
    [many] hace { NUM($count) } de minutos
   *[other] hace { NUM($count) } minutos
}
page-age-hours = { $count ->
    [one] hace una hora
    [many] hace { NUM($count) } de horas
   *[other] hace { NUM($count) } horas
}
page-age-days = { $count ->
    [one] hace un día
    [many] hace { NUM($count) } de días
   *[other] hace { NUM($count) } días
}
page-instant = { DATETIME($at) }

page-trust-title = Portal de confianza
page-trust-of = Portal de confianza de { $name }
page-trust-kicker = Portal de confianza
page-trust-generated = Elaborado el { DATETIME($at) }
page-trust-all-met = Se cumplen todos los objetivos.
page-trust-some = { $met ->
    [0] No se cumple ninguno de los { NUM($total) } objetivos.
    [one] Se cumple { NUM($met) } de { NUM($total) } objetivos.
    [many] Se cumplen { NUM($met) } de { NUM($total) } objetivos.
   *[other] Se cumplen { NUM($met) } de { NUM($total) } objetivos.
}
page-trust-none = Aquí no se muestra ningún objetivo.
page-trust-unknown-note = «Desconocido» significa que no hay ninguna medición reciente. Nunca cuenta como bueno.

page-trust-objectives = Objetivos de servicio
page-trust-objectives-about = Los mide el propio servicio y se calculan de nuevo cada pocos minutos.
page-trust-measured = Medido { $age }
page-trust-stale = De hace más de un día: léalo como historia, no como la situación actual.
page-topic-slo = Objetivo de nivel de servicio
page-topic-uptime = Disponibilidad
page-topic-error_rate = Tasa de errores
page-topic-slo-about = Si el margen de error del periodo es suficiente.
page-topic-uptime-about = La parte del tiempo en que el servicio responde.
page-topic-error_rate-about = La parte de las solicitudes que fallan.
page-topic-other-about = Lo mide el propio servicio.
page-status-met-about = Dentro del objetivo.
page-status-at_risk-about = Aún dentro del objetivo, pero cerca de salir de él.
page-status-breached-about = Fuera del objetivo.
page-status-unknown-about = No hay ninguna medición reciente; no es una buena noticia.

page-trust-security = Seguridad
page-trust-security-about = Cómo se protege el servicio.
page-trust-privacy = Privacidad
page-trust-privacy-about = Cómo se tratan los datos sobre personas.
page-trust-control = Controles
page-trust-control-about = Qué medidas existen y cómo se prueban.
page-trust-document = Documentos
page-trust-document-about = Otros documentos que los clientes pueden solicitar.
page-trust-empty = Aquí no hay nada publicado.
page-trust-signed = Firmado
page-trust-signed-about = El emisor ha firmado su hash; el documento mismo se entrega a petición.
page-trust-published = Publicado el { DATE($at) }
page-trust-hash = SHA-256

page-trust-verify = Cómo verificarlo
page-trust-verify-about = No es necesario que se fíe de nuestra palabra.
page-trust-verify-ask = Pida el documento a su contacto. Solo son públicos su nombre y su hash.
page-trust-verify-hash = Calcule su SHA-256 y compare los 64 dígitos con los de esta página:
page-trust-verify-issuer = Compruebe la firma de lo que se le ha entregado, sin red:
page-trust-verify-certificate = Descargar el certificado del emisor

page-trust-missing = Aquí no hay ninguna página de confianza
page-trust-missing-about = O bien nadie con este nombre utiliza el servicio, o bien su página no es pública. Por su seguridad no decimos cuál de las dos cosas.
page-trust-missing-check = Compruebe la dirección o pregunte a quien se la ha dado.
