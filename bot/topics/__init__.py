"""What a workspace keeps asking about: topics found, named, kept and matched.

Plain numpy over hashed terms, people and times: no database, no Slack, no text.
"""
