"""Changes to operations, in an order that the database accepts."""
