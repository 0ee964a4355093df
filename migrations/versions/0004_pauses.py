"""What must not be asked of Slack before a moment

A new table, and an index by which the next post of a channel is found. The release
before uses neither.
"""

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "pauses",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id", "method", "channel_id", name=op.f("pk_pauses")
        ),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_posts_state_workspace_id_channel_id"),
            ["state", "workspace_id", "channel_id"],
            unique=False,
        )


def downgrade():
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posts_state_workspace_id_channel_id"))
    op.drop_table("pauses")
