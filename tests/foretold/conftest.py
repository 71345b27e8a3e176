"""The projects of the tests of what is applied serve here as well."""

from tests.applied.conftest import project, small

__all__ = ["project", "small"]
