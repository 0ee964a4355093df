"""Commands for the key that workspaces' tokens are sealed with."""

import typer

from bot.blocks.spoken import counted
from bot.installations import renew_seals
from bot.vault import new_key, open_vault
from handlers.cli.choices import of


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("new-key")(make)
    cli.command("rotate-keys")(rotate)


def make(context: typer.Context) -> None:
    """Make a key for GRAPEVINE_ENCRYPTION_KEY."""
    of(context).runtime.out.write(f"{new_key()}\n")


def rotate(context: typer.Context) -> None:
    """Seal every token anew with the first key.

    The other keys can go then.
    """
    choices = of(context)
    vault = open_vault(choices.runtime.settings.encryption_key.get_secret_value())
    with choices.deps() as deps, deps.database.sessions.begin() as session:
        n = renew_seals(session, vault)
    choices.runtime.console.print(
        f"{counted(n, 'installation is', 'installations are')} sealed with the first "
        "key; the other keys can go."
    )
