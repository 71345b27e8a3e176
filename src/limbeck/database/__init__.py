"""What is done over a connection: compare, version table, transactions."""
