"""Totals that all processes on all machines add to, so that any web process can tell them."""

from __future__ import annotations

from django.db import models


class Counter(models.Model):
    """One line of a metric. It only ever grows; ``metrics.counters`` does that."""

    name = models.CharField(max_length=100)
    labels = models.CharField(max_length=200, help_text="A JSON list of the labels' values")
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "labels"], name="one_line_one_counter")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.labels}"
