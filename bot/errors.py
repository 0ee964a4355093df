"""Errors that say what a person can do about them."""


class GrapevineError(Exception):
    """Root of every error of ours; `str()` is one line fit for a person."""


class BadInputError(GrapevineError):
    """What was given cannot be used; the message names the thing and the fix."""


class NotFoundError(BadInputError):
    """What was named is not held."""


class DatabaseUnusableError(GrapevineError):
    """The database cannot be opened, read or written."""


class SlackRefusedError(GrapevineError):
    """Slack said no for good; `code` is its word for why."""

    def __init__(self, method: str, code: str, *, needed: str = "") -> None:
        scope = f" (needs the scope {needed})" if needed else ""
        super().__init__(f"Slack refused {method}: {code}{scope}")
        self.method = method
        self.code = code
        self.needed = needed


class SlackBusyError(GrapevineError):
    """Slack asks for patience, or could not be reached: try again later.

    Attributes:
        method: What was called.
        retry_after_s: How long to wait.
        is_limit: Whether Slack asks for this of every call of the method.
        is_doubtful: Whether the call may have been carried out all the same.
    """

    def __init__(
        self,
        method: str,
        *,
        retry_after_s: float,
        is_limit: bool = False,
        is_doubtful: bool = False,
    ) -> None:
        super().__init__(
            f"Slack did not take {method}; trying again in {retry_after_s:g} s"
        )
        self.method = method
        self.retry_after_s = retry_after_s
        self.is_limit = is_limit
        self.is_doubtful = is_doubtful


class SlackLockedOutError(SlackBusyError):
    """Slack does not accept the token: nothing works until somebody mends that."""

    def __init__(self, method: str, code: str, *, retry_after_s: float) -> None:
        super().__init__(method, retry_after_s=retry_after_s)
        self.args = (f"Slack does not accept the bot's token: {code}",)
        self.code = code
