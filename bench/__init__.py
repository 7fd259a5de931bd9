"""Measures what the README claims: accuracy and speed."""
