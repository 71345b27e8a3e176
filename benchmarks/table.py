"""Figures as a table for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["ratios", "table"]

_HEADING = (
    "| what | Alembic | limbeck | limbeck alone | floor | limbeck : Alembic | alone : Alembic |\n"
    "|---|---|---|---|---|---|---|"
)
_PROGRAMS = ("alembic", "limbeck", "limbeck alone", "floor")


def table(rows: Sequence[dict[str, Any]], *, heading: bool = True) -> str:
    """Rows of a Markdown table; instructions where they were counted, else processor time.

    :param rows: the figures.
    :param heading: with the names of the columns.
    """
    lines = [_HEADING] if heading else []
    for row in rows:
        for figure, shown in (
            ("instructions", _instructions),
            ("cpu", _seconds),
            ("statements", lambda value: f"{value} statements"),
            ("memory", lambda value: f"{value:.0f} MiB"),
        ):
            lines += _line(row, figure, shown)
    return "\n".join(lines)


def ratios(programs: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """What each program takes of what Alembic does, by figure.

    :param programs: the figures of each.
    """
    theirs = programs.get("alembic", {})
    return {
        name: {
            figure: round(value / theirs[figure], 4)
            for figure, value in figures.items()
            if theirs.get(figure)
        }
        for name, figures in programs.items()
        if name != "alembic" and theirs
    }


def _line(row: dict[str, Any], figure: str, shown: Any) -> list[str]:
    found = {name: row["programs"].get(name, {}).get(figure) for name in _PROGRAMS}
    if found["alembic"] is None:
        return []
    cells = ["" if value is None else shown(value) for value in found.values()]
    ratios = [_ratio(found[name], found["alembic"]) for name in ("limbeck", "limbeck alone")]
    unit = f", {row['unit']}" if row["unit"] and figure in ("cpu", "instructions") else ""
    return [f"| {row['name']}{unit} | {' | '.join([*cells, *ratios])} |"]


def _instructions(value: float) -> str:
    millions = value / 1e6
    return f"{millions:,.0f} M instructions" if millions >= 20 else f"{millions:.2f} M instructions"


def _seconds(value: float) -> str:
    return f"{value * 1000:.2f} ms" if value < 0.1 else f"{value:.2f} s"


def _ratio(value: float | None, other: float) -> str:
    return "" if value is None or not other else f"{value / other:.2f}"
