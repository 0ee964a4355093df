"""Who decided what about a topic

A new table alone: the release before does not look at it.
"""

import sqlalchemy as sa
from alembic import op

from models.base import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "curations",
        sa.Column("id", _number, autoincrement=True, nullable=False),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("topic_id", _number, nullable=False),
        sa.Column("other_id", _number, nullable=True),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["topics.id"],
            name=op.f("fk_curations_other_id_topics"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"],
            ["topics.id"],
            name=op.f("fk_curations_topic_id_topics"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_curations_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curations")),
    )
    op.create_index(
        op.f("ix_curations_workspace_id_topic_id"),
        "curations",
        ["workspace_id", "topic_id"],
    )


def downgrade():
    op.drop_index(op.f("ix_curations_workspace_id_topic_id"), "curations")
    op.drop_table("curations")
