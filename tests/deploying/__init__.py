"""Several deployers of one database at once, as processes of their own."""
