"""The command line: a command a function, a family a module."""

from handlers.cli.main import run_command_line

__all__ = ["run_command_line"]
