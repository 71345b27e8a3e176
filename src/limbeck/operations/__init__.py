"""Operation values, and the two objects whose methods make them."""
