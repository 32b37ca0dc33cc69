"""The servers' language: requests, server-sent events, replies, failures."""
