"""The revision graph: names, ranges, branches, labels, merges. Pure."""
