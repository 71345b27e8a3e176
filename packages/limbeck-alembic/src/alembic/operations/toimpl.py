"""How operations are carried out."""
