"""Drills: the real stack with real documents, hurt and measured. They take minutes each."""
