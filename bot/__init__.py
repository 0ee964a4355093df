"""What Grapevine decides and does: no Slack import outside `bot/slack.py`."""
