"""Every way in: Slack's listeners and the command line, a module a surface."""
