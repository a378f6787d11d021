# Lo que dice la página de administración.

page-admin-title = Administración
page-admin-nav = Secciones
page-admin-sign-out = Cerrar sesión
page-close = Cancelar
page-more = Mostrar más

page-sign-in = Iniciar sesión
page-sign-in-about = Inicie sesión con el token de acceso que le dio su operador. Puede pegarlo.
page-sign-in-token = Token de acceso
page-sign-in-hint = El token se guarda en una cookie que ningún script puede leer y se olvida cuando usted cierra la sesión o el navegador.
page-sign-in-refused = No se ha aceptado este token. Puede estar incompleto, caducado o ser de otro servicio.
page-sign-in-ended = Su sesión ha terminado. Inicie sesión de nuevo.

page-marketplace = Catálogo
page-marketplace-about = Complementos que puede añadir a su plataforma. Los pagos son de prueba: no se mueve dinero real.
page-plugin-by = De { $publisher }
page-plugin-price = { MONEY($value, $currency) } por instalación
page-plugin-buy = Comprar
page-plugin-buy-named = Comprar { $name }
page-plugin-buying = Abriendo la página de pago…
page-kind-CONNECTOR = Conector
page-kind-ENRICHMENT = Enriquecimiento
page-kind-EXPORT = Exportación
page-kind-other = Complemento

page-orders = Pedidos y facturas
page-orders-about = Lo que se ha comprado, qué ha sido de ello y sus documentos firmados.
page-orders-list = Pedidos
page-orders-none = Todavía no se ha pedido nada.
page-order-id = Pedido
page-order-placed = Realizado
page-order-price = Precio
page-order-plugin = Complemento
page-order-CREATED = Pendiente de pago
page-order-PAID = Pagado
page-order-VOID = Anulado
page-order-REFUNDED = Reembolsado
page-order-other = Desconocido
page-order-refund = Reembolsar…
page-order-refund-named = Reembolsar el pedido de { $plugin }
page-order-refund-title = ¿Reembolsar este pedido?
page-order-refund-about = Se devolverán { MONEY($value, $currency) } por { $plugin }. No se puede deshacer.
page-order-refund-do = Reembolsar
page-order-refunded = El reembolso de { $plugin } está en camino.
page-order-void = Anular…
page-order-void-named = Anular el pedido de { $plugin }
page-order-void-title = ¿Anular este pedido?
page-order-void-about = Se cerrará la página de pago de { $plugin }. Puede pedirlo de nuevo cuando quiera.
page-order-void-do = Anular
page-order-voided = Se ha anulado el pedido de { $plugin }.
page-invoices-list = Facturas
page-invoices-none = Todavía no se ha emitido ninguna factura.
page-invoice-issued = Emitida
page-invoice-amount = Importe
page-invoice-amount-of = { MONEY($value, $currency) }
page-invoice-pdf = Factura (PDF)
page-invoice-pdf-named = Factura (PDF) { $id }
page-invoice-sbom = Lista de materiales
page-invoice-sbom-named = Lista de materiales de la factura { $id }
page-downloading = Ha comenzado la descarga de { $name }.

page-incidents = Incidentes
page-incidents-about = Qué va mal, cómo se ha detectado y qué hacer.
page-incidents-signals = Señales observadas
page-incidents-list = Incidentes conocidos
page-incidents-renew = Renovar la lista automáticamente
page-incidents-none = No se conoce ningún incidente.
page-incidents-new = { $count ->
    [one] Hay un incidente nuevo.
    [many] Hay { NUM($count) } de incidentes nuevos.
   *[other] Hay { NUM($count) } incidentes nuevos.
}
page-signals-none = No se observa ninguna señal. Inscríbase en la versión preliminar para empezar.
page-signals-enrol = Inscribirse en la versión preliminar
page-signals-withdraw = Dejar la versión preliminar
page-signals-enrolled = La detección de anomalías está activada.
page-signals-withdrawn = La detección de anomalías está desactivada.
page-signal = Señal
page-signal-INGEST_LAG = Retraso de ingesta
page-signal-API_P95 = Tiempo de respuesta de la API (95 de 100)
page-signal-ERROR_RATE = Tasa de errores
page-signal-other = Otra señal
page-amount-INGEST_LAG = { NUM($value, digits: 1) } s
page-amount-API_P95 = { NUM($value, digits: 0) } ms
page-amount-ERROR_RATE = { PCT($value, digits: 2) }
page-amount-other = { NUM($value, digits: 2) }
page-amount-none = ninguno
page-band = de { $lower } a { $upper }
page-signal-observed = Observado
page-signal-expected = Esperado
page-signal-band = Intervalo normal
page-signal-measured = Medido
page-signal-state = Estado
page-signal-since = Fuera del intervalo desde
page-signal-detectors = Detectado por
page-signal-picture = { $signal }: { $observed }; se esperaba { $expected }; normal de { $lower } a { $upper }.
page-state-NO_DATA = Sin datos
page-state-LEARNING = Aprendiendo
page-state-NORMAL = Normal
page-state-PENDING = Pendiente
page-state-ANOMALOUS = Anómala
page-state-other = Desconocido
page-incident-OPEN = Abierto
page-incident-ACKNOWLEDGED = Confirmado
page-incident-other = Desconocido
page-incident-service-degraded = La ingesta se retrasa y la API es lenta y falla
page-incident-ingest-degraded = La ingesta se retrasa y ralentiza la API
page-incident-api-slow = La API es lenta y fallan solicitudes
page-incident-errors-elevated = Fallan solicitudes y los datos llegan tarde
page-incident-alert-storm = Más alertas que el límite por hora
page-incident-since = Desde
page-incident-opened = Abierto el
page-incident-runbook = Guía: qué hacer
page-incident-acknowledged = Confirmado por { $who }, { DATETIME($at) }
page-incident-note = Nota
page-incident-acknowledge = Confirmar…
page-incident-acknowledge-named = Confirmar el incidente { $title }
page-incident-acknowledge-title = Confirmar este incidente
page-incident-acknowledge-about = Usted declara que una persona lo ha visto. Se guarda su nombre.
page-incident-acknowledge-note = Nota (opcional, hasta 500 caracteres)
page-incident-acknowledge-do = Confirmar
page-incident-done = El incidente está confirmado.

page-residency = Residencia de datos
page-residency-about = Dónde se guardaron sus datos y adónde fueron, certificado cada trimestre.
page-residency-summary = Cómo se juzgan las exportaciones
page-residency-compliant = Permanecieron
page-residency-violations = Salieron
page-residency-unknown = No se pueden juzgar
page-residency-noExports = Nunca exportados
page-residency-share = El { PCT($share, digits: 1) } de todas las exportaciones permaneció de forma demostrable en su jurisdicción. Lo que no se puede juzgar no cuenta como bueno.
page-residency-share-none = No se ha exportado nada, lo que no es ni bueno ni malo.
page-schedule = Calendario de los certificados
page-schedule-none = Todavía no hay nada programado.
page-schedule-next = El próximo informe corresponde al { DATETIME($at) }.
page-schedule-first = Primer informe el (opcional)
page-schedule-first-hint = Un día en UTC. Si lo deja vacío, será el primer día del próximo trimestre.
page-schedule-locale = Idioma del informe
page-schedule-email = Correo electrónico del administrador (opcional)
page-schedule-webhook = Dirección del webhook (opcional)
page-schedule-webhook-hint = Recibe una solicitud firmada por cada informe. Empieza por https://
page-schedule-save = Programar
page-schedule-saved = Los informes están programados. El próximo corresponde al { DATETIME($at) }.
page-schedule-problems = { $count ->
    [one] Hay un problema con los datos introducidos
    [many] Hay { NUM($count) } de problemas con los datos introducidos
   *[other] Hay { NUM($count) } problemas con los datos introducidos
}
page-schedule-email-wrong = Introduzca una dirección de correo como nombre@example.com o deje el campo vacío.
page-schedule-webhook-wrong = Introduzca una dirección que empiece por https:// o deje el campo vacío.
page-schedule-nobody = Introduzca un correo electrónico o un webhook, para que alguien reciba el informe.
page-reports = Certificados
page-reports-none = Todavía no se ha elaborado ningún certificado.
page-report-quarter = Trimestre
page-report-compliant = Todas permanecieron
page-report-violations = No todas permanecieron
page-report-made = Elaborado
page-report-deliveries = Enviado a
page-report-delivered = { $recipient }: aceptado el { DATETIME($at) }
page-report-undelivered = { $attempts ->
    [0] { $recipient }: aún no se ha intentado
    [one] { $recipient }: un intento, aún no aceptado
    [many] { $recipient }: { NUM($attempts) } de intentos, aún no aceptado
   *[other] { $recipient }: { NUM($attempts) } intentos, aún no aceptado
}
page-report-download = Descargar
page-report-download-named = Descargar el certificado de { $quarter }

page-trust = Página de confianza
page-trust-admin-about = Lo que todos pueden ver de la situación de su servicio y por qué el resto es privado.
page-trust-is-on = Su página es pública.
page-trust-is-off = Su página está desactivada. Nadie la ve.
page-trust-open = Abrir la página
page-trust-turn-on = Activar la página
page-trust-turn-off = Desactivar la página
page-trust-turned-on = Su página ahora es pública.
page-trust-turned-off = Su página ahora está desactivada.
page-trust-items = Elementos y lo que ha decidido la política
page-trust-item-allowed = Puede mostrarse
page-trust-item-refused = No se muestra
page-trust-item-reasons = Por qué no
page-trust-item-decided = Decidido el { DATETIME($at) }
page-trust-items-none = Todavía no hay elementos.
page-category-slo = Objetivo medido
page-category-evidence = Evidencia

page-evidence = Paquete de evidencias
page-evidence-about = Todas las evidencias de una versión en un archivo ZIP. Su manifiesto firmado enumera lo que contiene y dice del resto que no está incluido.
page-evidence-version = Versión
page-evidence-version-hint = Por ejemplo, v15.
page-evidence-version-wrong = Introduzca una versión como v15.
page-evidence-download = Descargar el paquete
page-evidence-name = paquete de evidencias { $version }

page-switches = Interruptores
page-switches-about = Cada uno desactiva una parte del servicio, para todos los clientes y de inmediato. Se guarda quién, cuándo y por qué.
page-switch-CHECKOUT = Compra
page-switch-CHECKOUT-about = Abrir pedidos. Lo que ya estaba abierto aún puede pagarse.
page-switch-TRUST_PORTAL_WRITES = Cambios en las páginas de confianza
page-switch-TRUST_PORTAL_WRITES-about = Cambiar lo que muestran las páginas de confianza. Todo puede seguir leyéndose.
page-switch-ANOMALY_ALERTS = Alertas de anomalías
page-switch-ANOMALY_ALERTS-about = Abrir incidentes. La detección y el aprendizaje continúan.
page-switch-RESIDENCY_SCHEDULER = Certificados programados
page-switch-RESIDENCY_SCHEDULER-about = Elaborar certificados. Lo que venza se elaborará cuando se active de nuevo.
page-switch-other = Otra parte
page-switch-other-about = Una parte del servicio que esta página aún no conoce.
page-switch-is-on = Activado
page-switch-is-off = Desactivado
page-switch-turn-off = Desactivar…
page-switch-turn-on = Activar…
page-switch-turn-off-named = Desactivar: { $name }
page-switch-turn-on-named = Activar: { $name }
page-switch-reason = Motivo (hasta 200 caracteres)
page-switch-reason-wrong = Introduzca un motivo.
page-switch-changed = Último cambio de { $who }, { DATETIME($at) }
page-switch-never = Nunca se ha cambiado.
page-switch-turned-off = Desactivado: { $name }.
page-switch-turned-on = Activado: { $name }.
page-audit = Lo que se ha cambiado
page-audit-none = Todavía no se ha cambiado nada.
page-audit-at = Cuándo
page-audit-actor = Quién
page-audit-action = Qué
page-audit-subject = Sobre qué
page-audit-reason = Por qué
