"""An invitation to a community: accepted by the person or not at all."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, SlackTs, UTCDateTime, moment


class InvitationState(StrEnum):
    """No answer is never a yes."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Invitation(InWorkspace, Base):
    """One person invited to one community, as host or as member."""

    __tablename__ = "invitations"

    community_id: Mapped[int] = mapped_column(
        ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_host: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default=InvitationState.SENT)
    channel_id: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(SlackTs)
    answered_at: Mapped[moment | None] = mapped_column(UTCDateTime)
