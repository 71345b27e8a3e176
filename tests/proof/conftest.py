"""Leave out what a case of the loop says is not for a database."""

from tests.loop.conftest import pytest_collection_modifyitems

__all__ = ["pytest_collection_modifyitems"]
