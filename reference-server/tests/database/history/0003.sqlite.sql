CREATE TABLE kept_answers (
  tenant_id VARCHAR NOT NULL,
  subject VARCHAR NOT NULL,
  "key" VARCHAR NOT NULL,
  fingerprint VARCHAR NOT NULL,
  permissions JSON NOT NULL,
  body JSON NOT NULL,
  created_at DATETIME NOT NULL,
  CONSTRAINT pk_kept_answers PRIMARY KEY (tenant_id, subject, "key")
);
CREATE INDEX ix_kept_answers_created_at ON kept_answers (created_at);
