"""Run migrations on the connection that `bot.database` hands over."""

from alembic import context

from bot.database import DEFAULT_URL, make_engine, migrating
from models import Base


def run(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a column in place; Alembic then copies the table.
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main():
    connection = context.config.attributes.get("connection")
    if connection is not None:
        run(connection)
        return
    arguments = context.get_x_argument(as_dictionary=True)
    with migrating(make_engine(arguments.get("url", DEFAULT_URL))) as connection:
        run(connection)


main()
