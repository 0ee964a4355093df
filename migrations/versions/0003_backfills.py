"""How far histories have been read by the Web API

A new table alone: the release before does not look at it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import SlackTs, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "backfills",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("finished_at", UTCDateTime(), nullable=True),
        sa.Column("newest_ts", SlackTs(), nullable=False),
        sa.Column("oldest_ts", SlackTs(), nullable=False),
        sa.Column("position_ts", SlackTs(), nullable=False),
        sa.Column("covered_newest_ts", SlackTs(), nullable=True),
        sa.Column("covered_oldest_ts", SlackTs(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_backfills_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "channel_id", name=op.f("pk_backfills")
        ),
    )


def downgrade():
    op.drop_table("backfills")
