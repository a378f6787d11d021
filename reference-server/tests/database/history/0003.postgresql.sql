CREATE TABLE kept_answers (
  tenant_id VARCHAR COLLATE "C" NOT NULL,
  subject VARCHAR COLLATE "C" NOT NULL,
  key VARCHAR COLLATE "C" NOT NULL,
  fingerprint VARCHAR COLLATE "C" NOT NULL,
  permissions JSON NOT NULL,
  body JSON NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_kept_answers PRIMARY KEY (tenant_id, subject, key)
);
CREATE INDEX ix_kept_answers_created_at ON kept_answers (created_at);
