"""Plugins that are not on by themselves."""
