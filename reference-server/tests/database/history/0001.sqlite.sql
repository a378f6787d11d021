CREATE TABLE tenants (
  id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  CONSTRAINT pk_tenants PRIMARY KEY (id)
);
CREATE TABLE plugins (
  id VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  name_folded VARCHAR NOT NULL,
  summary VARCHAR NOT NULL,
  publisher VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  price VARCHAR NOT NULL,
  currency VARCHAR NOT NULL,
  published_at DATETIME NOT NULL,
  CONSTRAINT pk_plugins PRIMARY KEY (id),
  CONSTRAINT uq_plugins_name_folded UNIQUE (name_folded)
);
CREATE TABLE entities (
  tenant_id VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  name_folded VARCHAR NOT NULL,
  updated_at DATETIME NOT NULL,
  aliases JSON NOT NULL,
  summary VARCHAR,
  nationality VARCHAR,
  jurisdiction VARCHAR,
  registration_number VARCHAR,
  indicator_kind VARCHAR,
  value VARCHAR,
  first_seen_at DATETIME,
  CONSTRAINT pk_entities PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_entities_kind CHECK (kind IN ('PERSON', 'ORGANIZATION', 'INDICATOR')),
  CONSTRAINT ck_entities_indicator CHECK (kind <> 'INDICATOR' OR (indicator_kind IS NOT NULL AND value IS NOT NULL AND first_seen_at IS NOT NULL)),
  CONSTRAINT fk_entities_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_entities_tenant_id_updated_at_id ON entities (tenant_id, updated_at, id);
CREATE TABLE invoices (
  tenant_id VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  created_at DATETIME NOT NULL,
  amount VARCHAR NOT NULL,
  currency VARCHAR NOT NULL,
  amount_usd VARCHAR NOT NULL,
  uri VARCHAR NOT NULL,
  plugin_id VARCHAR,
  CONSTRAINT pk_invoices PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_invoices_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id),
  CONSTRAINT fk_invoices_plugin_id FOREIGN KEY(plugin_id) REFERENCES plugins (id)
);
CREATE INDEX ix_invoices_tenant_id_created_at_id ON invoices (tenant_id, created_at, id);
CREATE TABLE relations (
  tenant_id VARCHAR NOT NULL,
  id VARCHAR NOT NULL,
  source_id VARCHAR NOT NULL,
  target_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  confidence DOUBLE NOT NULL,
  CONSTRAINT pk_relations PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_relations_tenant_id_source_id FOREIGN KEY(tenant_id, source_id) REFERENCES entities (tenant_id, id),
  CONSTRAINT fk_relations_tenant_id_target_id FOREIGN KEY(tenant_id, target_id) REFERENCES entities (tenant_id, id),
  CONSTRAINT ck_relations_confidence CHECK (confidence >= 0 AND confidence <= 1)
);
CREATE INDEX ix_relations_tenant_id_source_id_confidence_id ON relations (tenant_id, source_id, confidence, id);
CREATE TABLE trust_tiles (
  tenant_id VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  position INTEGER NOT NULL,
  status VARCHAR NOT NULL,
  updated_at DATETIME NOT NULL,
  CONSTRAINT pk_trust_tiles PRIMARY KEY (tenant_id, kind),
  CONSTRAINT fk_trust_tiles_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING version_num;
