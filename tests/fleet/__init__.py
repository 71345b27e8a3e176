"""Many databases at once: schemas, addresses, waves, executors, and what is told of them."""
