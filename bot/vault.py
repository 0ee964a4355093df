"""Seal what must not be read by whoever reads the database: tokens."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import BadInputError, GrapevineError

SETTING = "GRAPEVINE_ENCRYPTION_KEY"


class SealedError(GrapevineError):
    """Something was sealed with a key that is not among ours."""

    def __init__(self) -> None:
        super().__init__(
            f"a token cannot be opened with {SETTING}: put back the key it was sealed "
            "with, behind a comma after the new one; if it is lost, workspaces have to "
            "install Grapevine again"
        )


class Vault:
    """Seals with the first key and opens with any, so that keys can be changed."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the keys, the one in use first.

        Raises:
            BadInputError: There is none, or one is no key.
        """
        if not keys:
            raise BadInputError(
                f"{SETTING} is not set: make one with `new-key`, and keep a copy"
            )
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise BadInputError(
                f"{SETTING} holds something that is no key; `new-key` makes one"
            ) from error

    def seal(self, text: str) -> str:
        """Seal a text."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Open what was sealed.

        Raises:
            SealedError: With none of our keys, or it was tampered with.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealedError from None

    def renew(self, sealed: str) -> str:
        """Seal with the first key what any key opens.

        Raises:
            SealedError: None does.
        """
        return self.seal(self.open(sealed))


def open_vault(setting: str) -> Vault:
    """Make a vault from the setting: keys with commas between.

    Raises:
        BadInputError: There is none, or one is no key.
    """
    return Vault([key.strip() for key in setting.split(",") if key.strip()])


def new_key() -> str:
    """Make a key."""
    return Fernet.generate_key().decode("ascii")
