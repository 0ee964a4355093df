"""Words that tell a topic without being names of it

A column with a default: the release before goes on writing rows without it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "topics", sa.Column("related", sa.JSON(), nullable=False, server_default="[]")
    )


def downgrade():
    op.drop_column("topics", "related")
