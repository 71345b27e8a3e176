"""Operations as Python source, and schema changes as words."""
