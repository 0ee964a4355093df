"""Read what was said before Grapevine came, or while it was away, by the Web API."""

from dataclasses import replace

from bot.backfill.listing import list_channels
from bot.backfill.reading import Place, Reading, unfinished
from bot.backfill.wanted import (
    PAGE_MESSAGES,
    PER_MINUTE,
    STRICT_PAGE_MESSAGES,
    STRICT_PER_MINUTE,
    Pace,
    Progress,
    Report,
    Step,
    Wanted,
)
from bot.deps import Deps
from bot.errors import GrapevineError, SlackBusyError, SlackLockedOutError
from bot.pacing import PacedSlack

__all__ = [
    "PAGE_MESSAGES",
    "PER_MINUTE",
    "STRICT_PAGE_MESSAGES",
    "STRICT_PER_MINUTE",
    "Pace",
    "Report",
    "Step",
    "Wanted",
    "backfill",
    "unfinished",
]


def backfill(
    deps: Deps,
    slack: PacedSlack,
    wanted: Wanted,
    *,
    page: int = PAGE_MESSAGES,
    progress: Progress = lambda _: None,
) -> Report:
    """Read the history of channels into the graph; it may be stopped at any moment.

    Args:
        deps: Collaborators; Slack is only called through `slack`.
        slack: At the pace that is wanted.
        wanted: Which channels, and since when.
        page: Messages a request.
        progress: Told of every checkpoint.

    Raises:
        BadInputError: Grapevine is not in a channel that was named.
        SlackRefusedError: Slack refuses a listing.
        SlackLockedOutError: Slack does not accept the token.
        GrapevineError: Slack was busy for too long; what was read is kept.
    """
    calm = replace(deps, slack_of=lambda _workspace_id: slack)
    report = Report()
    try:
        channels = list_channels(calm, slack, wanted, report)
        for number, told in enumerate(channels, 1):
            at = Place(number, len(channels), str(told.get("name") or told["id"]))
            Reading(calm, slack, wanted, str(told["id"]), at, page, report).run(
                progress
            )
    except SlackLockedOutError:
        raise
    except SlackBusyError as busy:
        raise GrapevineError(
            f"Slack did not take {busy.method} for minutes. What was read is kept: run "
            "`backfill` again, and it goes on there"
        ) from busy
    return report
