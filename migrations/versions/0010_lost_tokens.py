"""Since when Slack gives no next token to an installation

A column that may be empty: the release before neither reads nor writes it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("installations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lost_at", UTCDateTime(), nullable=True))


def downgrade():
    with op.batch_alter_table("installations", schema=None) as batch_op:
        batch_op.drop_column("lost_at")
