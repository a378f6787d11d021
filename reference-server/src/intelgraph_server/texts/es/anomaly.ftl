# Los títulos de los incidentes, por plantilla, y los estados de las señales.
incident-service-degraded = La ingesta se retrasa y la API va lenta y falla
incident-ingest-degraded = La ingesta se retrasa y ralentiza la API
incident-api-slow = La API va lenta y hay solicitudes que fallan
incident-errors-elevated = Hay solicitudes que fallan y los datos llegan tarde
incident-alert-storm = Más alertas que el presupuesto por hora
signal-INGEST_LAG = Retraso de la ingesta
signal-API_P95 = Tiempo de respuesta de la API, percentil 95
signal-ERROR_RATE = Tasa de errores
signal-state-NO_DATA = Sin datos
signal-state-LEARNING = Aprendiendo
signal-state-NORMAL = Normal
signal-state-PENDING = Fuera de los límites, desde hace poco
signal-state-ANOMALOUS = Anómala
incident-status-OPEN = Abierto
incident-status-ACKNOWLEDGED = Confirmado
