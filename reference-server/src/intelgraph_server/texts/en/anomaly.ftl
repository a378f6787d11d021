# The titles of incidents, by template, and the states of signals.
incident-service-degraded = Ingestion lags, and the API is slow and fails
incident-ingest-degraded = Ingestion lags and slows the API down
incident-api-slow = The API is slow and requests fail
incident-errors-elevated = Requests fail and data arrives late
incident-alert-storm = More alerts than the hourly budget
signal-INGEST_LAG = Ingest lag
signal-API_P95 = API response time, 95th percentile
signal-ERROR_RATE = Error rate
signal-state-NO_DATA = No data
signal-state-LEARNING = Learning
signal-state-NORMAL = Normal
signal-state-PENDING = Out of bounds, not for long
signal-state-ANOMALOUS = Anomalous
incident-status-OPEN = Open
incident-status-ACKNOWLEDGED = Acknowledged
