"""Who has installed Grapevine by OAuth, with the tokens, sealed."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment


class Installation(Base):
    """One installation: in a workspace, or in a whole organisation.

    Not `InWorkspace`: it comes before the workspace is heard of. Who installed it
    is not held; nothing needs it.
    """

    __tablename__ = "installations"
    __table_args__ = (Index(None, "team_id"),)

    # "" where there is none: a workspace without organisation, an organisation
    # without a workspace of its own.
    enterprise_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    app_id: Mapped[str] = mapped_column(String(32))
    bot_user_id: Mapped[str] = mapped_column(String(32))
    scopes: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(Text)
    refresh_token: Mapped[str | None] = mapped_column(Text)
    # None: the app does not rotate its tokens.
    expires_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    # Somebody is fetching a new token until then; nobody else may.
    refreshing_until: Mapped[moment | None] = mapped_column(UTCDateTime)
    # Slack gives no next token since then: the app has to be installed again.
    lost_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    installed_at: Mapped[moment]
