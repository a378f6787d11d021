CREATE TABLE tenants (
  id VARCHAR COLLATE "C" NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  CONSTRAINT pk_tenants PRIMARY KEY (id)
);
CREATE TABLE plugins (
  id VARCHAR COLLATE "C" NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  name_folded VARCHAR COLLATE "C" NOT NULL,
  summary VARCHAR COLLATE "C" NOT NULL,
  publisher VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  price NUMERIC NOT NULL,
  currency VARCHAR COLLATE "C" NOT NULL,
  published_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_plugins PRIMARY KEY (id),
  CONSTRAINT uq_plugins_name_folded UNIQUE (name_folded)
);
CREATE TABLE entities (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  name VARCHAR COLLATE "C" NOT NULL,
  name_folded VARCHAR COLLATE "C" NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  aliases JSON NOT NULL,
  summary VARCHAR COLLATE "C",
  nationality VARCHAR COLLATE "C",
  jurisdiction VARCHAR COLLATE "C",
  registration_number VARCHAR COLLATE "C",
  indicator_kind VARCHAR COLLATE "C",
  value VARCHAR COLLATE "C",
  first_seen_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_entities PRIMARY KEY (tenant_id, id),
  CONSTRAINT ck_entities_kind CHECK (kind IN ('PERSON', 'ORGANIZATION', 'INDICATOR')),
  CONSTRAINT ck_entities_indicator CHECK (kind <> 'INDICATOR' OR (indicator_kind IS NOT NULL AND value IS NOT NULL AND first_seen_at IS NOT NULL)),
  CONSTRAINT fk_entities_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
CREATE INDEX ix_entities_tenant_id_updated_at_id ON entities (tenant_id, updated_at, id);
CREATE TABLE invoices (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  amount NUMERIC NOT NULL,
  currency VARCHAR COLLATE "C" NOT NULL,
  amount_usd NUMERIC NOT NULL,
  uri VARCHAR COLLATE "C" NOT NULL,
  plugin_id VARCHAR COLLATE "C",
  CONSTRAINT pk_invoices PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_invoices_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id),
  CONSTRAINT fk_invoices_plugin_id FOREIGN KEY(plugin_id) REFERENCES plugins (id)
);
CREATE INDEX ix_invoices_tenant_id_created_at_id ON invoices (tenant_id, created_at, id);
CREATE TABLE relations (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  id VARCHAR COLLATE "C" NOT NULL,
  source_id VARCHAR COLLATE "C" NOT NULL,
  target_id VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  CONSTRAINT pk_relations PRIMARY KEY (tenant_id, id),
  CONSTRAINT fk_relations_tenant_id_source_id FOREIGN KEY(tenant_id, source_id) REFERENCES entities (tenant_id, id),
  CONSTRAINT fk_relations_tenant_id_target_id FOREIGN KEY(tenant_id, target_id) REFERENCES entities (tenant_id, id),
  CONSTRAINT ck_relations_confidence CHECK (confidence >= 0 AND confidence <= 1)
);
CREATE INDEX ix_relations_tenant_id_source_id_confidence_id ON relations (tenant_id, source_id, confidence, id);
CREATE TABLE trust_tiles (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  kind VARCHAR COLLATE "C" NOT NULL,
  position INTEGER NOT NULL,
  status VARCHAR COLLATE "C" NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_trust_tiles PRIMARY KEY (tenant_id, kind),
  CONSTRAINT fk_trust_tiles_tenant_id FOREIGN KEY(tenant_id) REFERENCES tenants (id)
);
INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING alembic_version.version_num;
