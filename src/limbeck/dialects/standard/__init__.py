"""Answers in standard SQL, for databases that have no folder of their own."""
