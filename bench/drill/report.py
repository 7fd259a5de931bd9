"""What a drill found, as a table."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """Lines of the table: what was looked at, what was found, and whether that is right."""

    lines: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, what: str, found: object, right: bool = True) -> None:
        self.lines.append((what, str(found), right))

    def show(self) -> bool:
        width = max(len(what) for what, _, _ in self.lines)
        for what, found, right in self.lines:
            print(f"{what:{width}}  {'ok   ' if right else 'WRONG'}  {found}")
        return all(right for _, _, right in self.lines)
