"""The answer of a dialect that compares two constraints."""

from limbeck.ddl.comparison import ComparisonResult as ComparisonResult
