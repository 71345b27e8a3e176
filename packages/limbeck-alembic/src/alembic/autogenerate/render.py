"""Operations as Python source."""
