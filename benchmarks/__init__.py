"""How long limbeck takes, beside Alembic and beside the same work done by the plain driver.

``make bench`` runs every row of :mod:`benchmarks.rows` on work that it generates: each program in
turn, as whole processes, round by round, and prints medians and ratios as a table and as JSON.
:mod:`benchmarks.instructions` counts the instructions of a few small commands for CI.
"""
