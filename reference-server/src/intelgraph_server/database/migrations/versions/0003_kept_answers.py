"""Answers that are kept by the `Idempotency-Key` of their requests."""

from alembic import op

from intelgraph_server.database.columns import METADATA
from intelgraph_server.database.migrate import tables_of

revision = "0003"
down_revision = "0002"

STANDING = tables_of("kept_answers")


def upgrade() -> None:
    METADATA.create_all(op.get_bind(), STANDING, checkfirst=False)


def downgrade() -> None:
    METADATA.drop_all(op.get_bind(), STANDING, checkfirst=False)
