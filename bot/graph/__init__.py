"""Queries and writes of the graph; callers own the transaction.

Every function takes an open session and a workspace's id, and none commits.
"""
