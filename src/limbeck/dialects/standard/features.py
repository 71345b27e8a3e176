"""Facts about a database of which nothing but standard SQL is known."""

from __future__ import annotations

from limbeck.dialects.features import Features

FEATURES = Features()
