"""In which order things can get new names, where a name may be free only after another is given."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def name_steps(names: Iterable[tuple[str, str]], taken: Collection[str]) -> list[tuple[str, str]]:
    """Order renames so that each name is free when it is given; in a circle one steps aside.

    :param names: (before, after), all within one table or schema.
    :param taken: every name that is in use before.
    :returns: (before, after), in order; the first of a circle comes twice, by way of a name that
        nothing has.
    """
    left = dict(sorted(names))
    used = set(taken) | set(left) | set(left.values())
    steps: list[tuple[str, str]] = []
    while left:
        ready = [before for before, after in left.items() if after not in left]
        if ready:
            steps += [(before, left.pop(before)) for before in ready]
            continue
        before = next(iter(left))
        aside = _free(f"{before[:50]}_before", used)
        used.add(aside)
        steps.append((before, aside))
        left[aside] = left.pop(before)
    return steps


def _free(name: str, used: Collection[str]) -> str:
    number = 1
    found = name
    while found in used:
        number += 1
        found = f"{name}_{number}"
    return found
