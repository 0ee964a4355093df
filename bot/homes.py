"""Publish a person's Home tab: what is held about them, as it is now."""

from bot.blocks.home import home
from bot.deps import Deps
from bot.pages import read_page


def publish_home(
    deps: Deps,
    workspace_id: str,
    user_id: str,
    *,
    offset: int = 0,
    shows_hidden: bool = False,
) -> None:
    """Read a person's page and show it; doing so twice does no harm.

    Call it outside any transaction: it waits for Slack.

    Raises:
        SlackBusyError: Worth trying again; opening the tab again will do.
        SlackRefusedError: Slack does not show Home tabs to this person.
    """
    with deps.database.readers() as session:
        page = read_page(
            session,
            workspace_id,
            user_id,
            deps.clock(),
            offset=offset,
            shows_hidden=shows_hidden,
        )
    deps.slack_of(workspace_id).call(
        "views.publish", {"user_id": user_id, "view": home(page)}
    )
