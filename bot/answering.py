"""Answer a person: find who knows, show it to their eyes alone, or share it."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from bot.answers import Outcome, WhoKnows
from bot.blocks.spoken import Spoken
from bot.blocks.who_knows import Sharing, answer
from bot.deps import Deps
from bot.errors import BadInputError
from bot.finding import Asked, find_who_knows
from bot.links import permalink
from bot.outbox import enqueue
from models import Channel, Workspace

# A share button carries the question, and takes 2,000 characters once quoted.
_MAX_CARRIED = 500


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody's question, and where its answer may be shared.

    Attributes:
        workspace_id, user_id: Who asks.
        text: About what.
        channel_id: Where they ask; None where that is nowhere (a modal).
        thread_ts: The thread it is about, and to share to; None means the channel
            itself.
    """

    workspace_id: str
    user_id: str
    text: str
    channel_id: str | None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What a share button carries: enough to answer again, for other eyes."""

    text: str
    channel_id: str
    thread_ts: str | None
    asker_id: str

    def dump(self) -> str:
        """Write it as the value of a button."""
        return json.dumps(asdict(self), ensure_ascii=False)


def load_share(value: str) -> Share:
    """Read what a share button carries.

    Raises:
        BadInputError: It is not what a button of ours carries.
    """
    try:
        return Share(**json.loads(value))
    except (TypeError, ValueError) as error:
        raise BadInputError("this button is too old; ask again") from error


class Shared(StrEnum):
    """What came of pressing the share button."""

    DONE = "done"
    ALREADY = "already"
    NOT_YOURS = "not yours"
    NOT_HERE = "not here"
    NOTHING = "nothing"


def answer_privately(deps: Deps, asking: Asking) -> Spoken:
    """Answer for the asker's eyes alone."""
    found = _find(deps, asking, public_only=False)
    if asking.channel_id is None:  # a modal has nowhere to say that a vote was taken
        found = replace(found, question="")
    tells = found.people or found.places or found.asked_before
    value = _offer(deps, asking) if tells else None
    return answer(
        found,
        permalink=_permalinks(deps, asking.workspace_id),
        share_value=value,
        in_thread=asking.thread_ts is not None,
    )


def share_answer(
    deps: Deps, workspace_id: str, user_id: str, share: Share, *, request_id: str
) -> Shared:
    """Post an answer in its channel or thread, once for each request.

    Args:
        deps: Collaborators.
        workspace_id: Whose.
        user_id: Who pressed the button.
        share: What the button carried.
        request_id: Names the shown answer, so that two presses are one.
    """
    if user_id != share.asker_id:
        return Shared.NOT_YOURS
    with deps.database.readers() as session:
        if not _may_share(session, workspace_id, share.channel_id):
            return Shared.NOT_HERE
    asking = Asking(
        workspace_id, user_id, share.text, share.channel_id, share.thread_ts
    )
    found = _find(deps, asking, public_only=True)
    nothing = found.outcome in (Outcome.EMPTY, Outcome.UNKNOWN)
    if nothing and not found.asked_before:
        return Shared.NOTHING
    spoken = answer(
        found,
        permalink=_permalinks(deps, workspace_id),
        sharing=Sharing(shared_by=user_id),
    )
    with deps.database.sessions.begin() as session:
        is_new = enqueue(
            session,
            workspace_id=workspace_id,
            key=f"share:{share.channel_id}:{request_id}",
            method="chat.postMessage",
            arguments=_message(share, spoken),
            now=deps.clock(),
        )
    return Shared.DONE if is_new else Shared.ALREADY


def _message(share: Share, spoken: Spoken) -> dict[str, object]:
    message: dict[str, object] = {"channel": share.channel_id, **spoken.payload()}
    return message | ({"thread_ts": share.thread_ts} if share.thread_ts else {})


def _find(deps: Deps, asking: Asking, *, public_only: bool) -> WhoKnows:
    return find_who_knows(
        deps,
        Asked(
            workspace_id=asking.workspace_id,
            text=asking.text,
            asker_id=asking.user_id,
            channel_id=asking.channel_id,
            now=deps.clock(),
            public_only=public_only,
            thread_ts=asking.thread_ts,
        ),
    )


def _offer(deps: Deps, asking: Asking) -> str | None:
    """Offer to share only where that will work."""
    if asking.channel_id is None:
        return None
    with deps.database.readers() as session:
        if not _may_share(session, asking.workspace_id, asking.channel_id):
            return None
    text = asking.text[:_MAX_CARRIED]
    return Share(text, asking.channel_id, asking.thread_ts, asking.user_id).dump()


def _may_share(session: Session, workspace_id: str, channel_id: str) -> bool:
    channel = session.get(Channel, (workspace_id, channel_id))
    return (
        channel is not None
        and channel.is_joined
        and not channel.is_external
        and not channel.is_archived
    )


def _permalinks(deps: Deps, workspace_id: str) -> Callable[[str, str], str]:
    with deps.database.readers() as session:
        workspace = session.get(Workspace, workspace_id)
        domain = workspace.domain if workspace else ""
    return partial(permalink, domain)
