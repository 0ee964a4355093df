"""Insert rows that may be there already, on either database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

Row = dict[str, Any]


def insert_missing(
    session: Session, model: type[DeclarativeBase], rows: Sequence[Row]
) -> None:
    """Insert the rows whose key is not there yet; leave the others alone."""
    if rows:
        statement = missing_rows(session.get_bind().dialect.name, model)
        # Past the ORM, whose bookkeeping costs more than the insert.
        session.connection().execute(statement, list(rows))


def missing_rows(
    dialect: str, model: type[DeclarativeBase]
) -> sqlite.Insert | postgresql.Insert:
    """Make the statement that inserts the rows whose key is not there yet."""
    return _insert(dialect, model).on_conflict_do_nothing()


def insert_new(session: Session, model: type[DeclarativeBase], row: Row) -> bool:
    """Insert a row unless one with its key is there.

    Another transaction that is inserting the same is waited for.

    Returns:
        False if there was one.
    """
    key = inspect(model).primary_key[0]
    statement = (
        _insert(session.get_bind().dialect.name, model)
        .on_conflict_do_nothing()
        .returning(key)
    )
    return session.connection().execute(statement, row).first() is not None


def replace(
    session: Session, model: type[DeclarativeBase], rows: Sequence[Row]
) -> None:
    """Insert the rows, overwriting those with the same key.

    All rows must name the same columns.
    """
    if not rows:
        return
    keys = [column.name for column in inspect(model).primary_key]
    statement = _insert(session.get_bind().dialect.name, model)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed),
        list(rows),
    )


def run_plain(session: Session, statement: TextClause, rows: Sequence[Row]) -> None:
    """Execute a statement once for each row, whose values the driver takes as they are.

    Past SQLAlchemy's preparing of each row, which takes twice as long as SQLite
    takes to write it.
    """
    if not rows:
        return
    connection = session.connection()
    compiled = statement.compile(dialect=connection.dialect)
    if compiled.positional:
        names = compiled.positiontup or []
        values: Any = [tuple([row[name] for name in names]) for row in rows]
    else:
        values = list(rows)
    connection.exec_driver_sql(str(compiled), values)


def _insert(
    dialect: str, model: type[DeclarativeBase]
) -> sqlite.Insert | postgresql.Insert:
    table = model.metadata.tables[model.__tablename__]
    if dialect == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
