"""Pure comparison of facts: two schemas in, changes out."""
