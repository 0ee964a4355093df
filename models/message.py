"""A message without its text: who, where, when, and what it is like."""

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment, slack_ts, text_list


class Message(InWorkspace, Base):
    """What remains of a message once it has been digested.

    A deleted message leaves a tombstone, so that an edit which arrives after
    the deletion does not bring it back.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index(None, "workspace_id", "channel_id", "root_ts"),
        Index(None, "workspace_id", "user_id"),
    )

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[slack_ts] = mapped_column(primary_key=True)
    root_ts: Mapped[slack_ts]
    user_id: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[moment]
    # `ts` of the edit these facts are of; the message's own `ts` if unedited.
    version_ts: Mapped[slack_ts]
    is_deleted: Mapped[bool] = mapped_column(default=False)
    is_question: Mapped[bool] = mapped_column(default=False)
    question_score: Mapped[float] = mapped_column(default=0.0)
    is_thanks: Mapped[bool] = mapped_column(default=False)
    mentions: Mapped[text_list]
    # Keyed hashes of terms (int64) and how often each occurs (uint8).
    words: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    counts: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    vector_model: Mapped[str | None] = mapped_column(String(64))
