"""Running revisions: transactions, versions, failures, and SQL on paper."""
