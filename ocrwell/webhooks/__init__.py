"""Telling an organisation's own server that a job has ended."""
