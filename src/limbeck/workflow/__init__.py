"""One use case a file. Workflows return values and print nothing."""
