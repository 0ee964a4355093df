"""Which organisation took Grapevine out of one of its workspaces

A column with a default: the release before neither reads nor writes it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("departures", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "enterprise_id", sa.String(length=32), nullable=False, server_default=""
            )
        )


def downgrade():
    with op.batch_alter_table("departures", schema=None) as batch_op:
        batch_op.drop_column("enterprise_id")
