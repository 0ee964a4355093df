"""What Grapevine shows: plain results in, text and blocks out, no Slack import.

One module a surface; `spoken` has the parts that they share.
"""
