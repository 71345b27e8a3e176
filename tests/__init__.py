"""limbeck's tests. See CONTRIBUTING.md for how to run a part of them."""
