DROP TABLE trust_tiles;
CREATE TABLE datasets (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  dataset_id VARCHAR COLLATE "C" NOT NULL,
  region VARCHAR COLLATE "C" NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_datasets PRIMARY KEY (tenant_id, dataset_id),
  CONSTRAINT fk_datasets_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE residency_schedules (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  next_run_at TIMESTAMP WITH TIME ZONE NOT NULL,
  locale VARCHAR COLLATE "C" NOT NULL,
  email VARCHAR COLLATE "C",
  webhook_url VARCHAR COLLATE "C",
  revision INTEGER NOT NULL,
  CONSTRAINT pk_residency_schedules PRIMARY KEY (tenant_id),
  CONSTRAINT fk_residency_schedules_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE residency_reports (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  quarter VARCHAR COLLATE "C" NOT NULL,
  locale VARCHAR COLLATE "C" NOT NULL,
  summary JSON NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  uri VARCHAR COLLATE "C" NOT NULL,
  CONSTRAINT pk_residency_reports PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_residency_reports_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_residency_reports_tenant_id_created_at_id ON residency_reports (tenant_id, created_at, id);
CREATE TABLE lake_objects (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  sha256 VARCHAR COLLATE "C" NOT NULL,
  size INTEGER NOT NULL,
  media_type VARCHAR COLLATE "C" NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_lake_objects PRIMARY KEY (tenant_id, name),
  CONSTRAINT fk_lake_objects_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE jobs (
  id BIGSERIAL NOT NULL,
  tenant_id VARCHAR COLLATE "C",
  dedupe_key VARCHAR COLLATE "C",
  kind VARCHAR COLLATE "C" NOT NULL,
  payload JSON NOT NULL,
  run_at TIMESTAMP WITH TIME ZONE NOT NULL,
  tries INTEGER NOT NULL,
  leased_until TIMESTAMP WITH TIME ZONE,
  ended_at TIMESTAMP WITH TIME ZONE,
  error VARCHAR COLLATE "C",
  CONSTRAINT pk_jobs PRIMARY KEY (id),
  CONSTRAINT fk_jobs_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id),
  CONSTRAINT uq_jobs_dedupe_key UNIQUE (dedupe_key)
);
CREATE INDEX ix_jobs_ended_at_run_at_id ON jobs (ended_at, run_at, id);
CREATE TABLE switches (
  name VARCHAR COLLATE "C" NOT NULL,
  is_on BOOLEAN NOT NULL,
  changed_by VARCHAR COLLATE "C" NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  reason VARCHAR COLLATE "C" NOT NULL,
  CONSTRAINT pk_switches PRIMARY KEY (name)
);
CREATE TABLE audit_trail (
  id BIGSERIAL NOT NULL,
  tenant_id VARCHAR COLLATE "C",
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor VARCHAR COLLATE "C" NOT NULL,
  action VARCHAR COLLATE "C" NOT NULL,
  subject VARCHAR COLLATE "C" NOT NULL,
  reason VARCHAR COLLATE "C",
  CONSTRAINT pk_audit_trail PRIMARY KEY (id),
  CONSTRAINT fk_audit_trail_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_audit_trail_tenant_id_id ON audit_trail (tenant_id, id);
CREATE TABLE outbox (
  id BIGSERIAL NOT NULL,
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  field VARCHAR COLLATE "C" NOT NULL,
  payload JSON NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_outbox PRIMARY KEY (id),
  CONSTRAINT fk_outbox_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_outbox_tenant_id_field_id ON outbox (tenant_id, field, id);
CREATE TABLE request_minutes (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  minute TIMESTAMP WITH TIME ZONE NOT NULL,
  requests INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  durations JSON NOT NULL,
  CONSTRAINT pk_request_minutes PRIMARY KEY (tenant_id, minute),
  CONSTRAINT fk_request_minutes_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE plugin_owners (
  plugin_id VARCHAR COLLATE "C" NOT NULL,
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  name_folded VARCHAR COLLATE "C" NOT NULL,
  offered_version VARCHAR COLLATE "C",
  CONSTRAINT pk_plugin_owners PRIMARY KEY (plugin_id),
  CONSTRAINT fk_plugin_owners_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id),
  CONSTRAINT uq_plugin_owners_name_folded UNIQUE (name_folded)
);
CREATE TABLE ledger_entries (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  subject VARCHAR COLLATE "C" NOT NULL,
  plugin_id VARCHAR COLLATE "C" NOT NULL,
  debit VARCHAR COLLATE "C" NOT NULL,
  credit VARCHAR COLLATE "C" NOT NULL,
  amount_usd NUMERIC NOT NULL,
  booked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_ledger_entries PRIMARY KEY (tenant_id, kind, subject),
  CONSTRAINT ck_ledger_entries_kind CHECK (kind IN ('payment', 'refund', 'usage')),
  CONSTRAINT fk_ledger_entries_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_ledger_entries_tenant_id_booked_at ON ledger_entries (tenant_id, booked_at);
CREATE TABLE reconciliations (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  day TIMESTAMP WITH TIME ZONE NOT NULL,
  reconciled_at TIMESTAMP WITH TIME ZONE NOT NULL,
  line_items JSON NOT NULL,
  drifts JSON NOT NULL,
  CONSTRAINT pk_reconciliations PRIMARY KEY (tenant_id, day),
  CONSTRAINT fk_reconciliations_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE trust_pages (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  is_public BOOLEAN NOT NULL,
  enrolled_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_trust_pages PRIMARY KEY (tenant_id),
  CONSTRAINT fk_trust_pages_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE anomaly_enrollments (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  is_enrolled BOOLEAN NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_anomaly_enrollments PRIMARY KEY (tenant_id),
  CONSTRAINT fk_anomaly_enrollments_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE anomaly_signals (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  value DOUBLE PRECISION NOT NULL,
  measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
  is_pushed BOOLEAN NOT NULL,
  judged JSON,
  watch JSON NOT NULL,
  CONSTRAINT pk_anomaly_signals PRIMARY KEY (tenant_id, kind),
  CONSTRAINT fk_anomaly_signals_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE TABLE incidents (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  template VARCHAR COLLATE "C" NOT NULL,
  status VARCHAR COLLATE "C" NOT NULL,
  since TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  acknowledged_by VARCHAR COLLATE "C",
  acknowledged_at TIMESTAMP WITH TIME ZONE,
  note VARCHAR COLLATE "C",
  CONSTRAINT pk_incidents PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_incidents_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_incidents_tenant_id_opened_at_id ON incidents (tenant_id, opened_at, id);
CREATE TABLE exports (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  export_id VARCHAR COLLATE "C" NOT NULL,
  dataset_id VARCHAR COLLATE "C" NOT NULL,
  exported_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  dest_region VARCHAR COLLATE "C",
  CONSTRAINT pk_exports PRIMARY KEY (tenant_id, export_id),
  CONSTRAINT fk_exports_tenant_id_dataset_id FOREIGN KEY(tenant_id, dataset_id) REFERENCES datasets (tenant_id, dataset_id)
);
CREATE INDEX ix_exports_tenant_id_dataset_id_export_id ON exports (tenant_id, dataset_id, export_id);
CREATE TABLE residency_deliveries (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  report_id VARCHAR COLLATE "C" NOT NULL,
  channel VARCHAR COLLATE "C" NOT NULL,
  recipient VARCHAR COLLATE "C" NOT NULL,
  attempts INTEGER NOT NULL,
  delivered_at TIMESTAMP WITH TIME ZONE,
  receipt VARCHAR COLLATE "C",
  CONSTRAINT pk_residency_deliveries PRIMARY KEY (tenant_id, report_id, channel, recipient),
  CONSTRAINT fk_residency_deliveries_tenant_id_report_id FOREIGN KEY(tenant_id, report_id) REFERENCES residency_reports (tenant_id, id)
);
CREATE TABLE plugin_releases (
  plugin_id VARCHAR COLLATE "C" NOT NULL,
  version VARCHAR COLLATE "C" NOT NULL,
  summary VARCHAR COLLATE "C" NOT NULL,
  publisher VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  price_usd NUMERIC NOT NULL,
  artifact_sha256 VARCHAR COLLATE "C" NOT NULL,
  contents JSON NOT NULL,
  registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  unit_price_usd NUMERIC,
  published_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_plugin_releases PRIMARY KEY (plugin_id, version),
  CONSTRAINT fk_plugin_releases_plugin_id FOREIGN KEY(plugin_id) REFERENCES plugin_owners (plugin_id)
);
CREATE TABLE trust_evidence (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  topic VARCHAR COLLATE "C" NOT NULL,
  title VARCHAR COLLATE "C" NOT NULL,
  media_type VARCHAR COLLATE "C" NOT NULL,
  contains_pii BOOLEAN NOT NULL,
  sha256 VARCHAR COLLATE "C" NOT NULL,
  signature VARCHAR COLLATE "C" NOT NULL,
  published_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_trust_evidence PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_trust_evidence_tenant_id FOREIGN KEY(tenant_id) REFERENCES trust_pages (tenant_id)
);
CREATE TABLE trust_decisions (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  item_id VARCHAR COLLATE "C" NOT NULL,
  number INTEGER NOT NULL,
  is_allowed BOOLEAN NOT NULL,
  reasons JSON NOT NULL,
  policy_sha256 VARCHAR COLLATE "C" NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_trust_decisions PRIMARY KEY (tenant_id, item_id, number),
  CONSTRAINT fk_trust_decisions_tenant_id FOREIGN KEY(tenant_id) REFERENCES trust_pages (tenant_id)
);
CREATE TABLE alerts (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  since TIMESTAMP WITH TIME ZONE NOT NULL,
  raised_at TIMESTAMP WITH TIME ZONE NOT NULL,
  observed DOUBLE PRECISION NOT NULL,
  expected DOUBLE PRECISION NOT NULL,
  lower DOUBLE PRECISION NOT NULL,
  upper DOUBLE PRECISION NOT NULL,
  detectors JSON NOT NULL,
  incident_id VARCHAR COLLATE "C",
  CONSTRAINT pk_alerts PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_alerts_tenant_id_incident_id FOREIGN KEY(tenant_id, incident_id) REFERENCES incidents (tenant_id, id),
  CONSTRAINT fk_alerts_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_alerts_tenant_id_raised_at_id ON alerts (tenant_id, raised_at, id);
CREATE TABLE marketplace_orders (
  order_id UUID NOT NULL,
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  plugin_id VARCHAR COLLATE "C" NOT NULL,
  plugin_version VARCHAR COLLATE "C" NOT NULL,
  price_usd NUMERIC NOT NULL,
  status VARCHAR COLLATE "C" NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  stripe_session VARCHAR COLLATE "C",
  invoice_uri VARCHAR COLLATE "C",
  paid_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_marketplace_orders PRIMARY KEY (order_id),
  CONSTRAINT fk_marketplace_orders_plugin_id_plugin_version FOREIGN KEY(plugin_id, plugin_version) REFERENCES plugin_releases (plugin_id, version),
  CONSTRAINT ck_marketplace_orders_status CHECK (status IN ('created', 'paid', 'void', 'refunded')),
  CONSTRAINT fk_marketplace_orders_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_marketplace_orders_tenant_id_created_at_order_id ON marketplace_orders (tenant_id, created_at, order_id);
CREATE TABLE payment_inbox (
  event_id VARCHAR COLLATE "C" NOT NULL,
  order_id UUID,
  type VARCHAR COLLATE "C" NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_payment_inbox PRIMARY KEY (event_id),
  CONSTRAINT fk_payment_inbox_order_id FOREIGN KEY(order_id) REFERENCES marketplace_orders (order_id)
);
CREATE TABLE usage_events (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  plugin_id VARCHAR COLLATE "C" NOT NULL,
  quantity INTEGER NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  order_id UUID,
  CONSTRAINT pk_usage_events PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_usage_events_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id),
  CONSTRAINT fk_usage_events_order_id FOREIGN KEY(order_id) REFERENCES marketplace_orders (order_id)
);
CREATE INDEX ix_usage_events_tenant_id_recorded_at ON usage_events (tenant_id, recorded_at);
CREATE VIEW residency_of_tenants AS SELECT datasets.tenant_id, datasets.dataset_id, datasets.region, exports.export_id, exports.dest_region, exports.exported_at AS "when", datasets.region = exports.dest_region AS compliant
FROM datasets LEFT OUTER JOIN exports ON datasets.tenant_id = exports.tenant_id AND datasets.dataset_id = exports.dataset_id;
CREATE VIEW residency_audit AS SELECT residency_of_tenants.dataset_id, residency_of_tenants.region, residency_of_tenants.export_id, residency_of_tenants.dest_region, residency_of_tenants."when", residency_of_tenants.compliant
FROM residency_of_tenants;
