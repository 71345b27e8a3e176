"""One folder of small answers for each database, the same files in each."""
