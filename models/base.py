"""What every table shares: names of constraints, tenancy and column types."""

from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC (SQLite keeps no time zone)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy calls it with both
    ) -> datetime | None:
        """Refuse naive datetimes; store the rest as naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError(f"naive datetime: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - as above
    ) -> datetime | None:
        """Hand back an aware datetime."""
        return None if value is None else value.replace(tzinfo=UTC)


class SlackTs(TypeDecorator[str]):
    """A Slack timestamp such as `1700000000.000100`, in the order of time.

    Postgres would otherwise sort text by the collation of the machine.
    """

    impl = String(20, collation=None)
    cache_ok = True


# SQLite numbers rows by itself only in a column declared INTEGER.
_Number = BigInteger().with_variant(Integer(), "sqlite")

serial = Annotated[int, mapped_column(_Number, primary_key=True, autoincrement=True)]
moment = Annotated[datetime, mapped_column(UTCDateTime)]
slack_ts = Annotated[str, mapped_column(SlackTs)]
slack_id = Annotated[str, mapped_column(String(32))]
text_list = Annotated[list[str], mapped_column(JSON, default=list)]


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class InWorkspace:
    """Every row belongs to one workspace, and goes when the workspace goes."""

    workspace_id: Mapped[str] = mapped_column(
        String(32),
        ForeignKey("workspaces.id", ondelete="CASCADE"),
        primary_key=True,
        sort_order=-1,  # first in every key: a tenant's rows lie together
    )
