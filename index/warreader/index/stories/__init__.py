"""Copies of the same story: which articles print, in the main, the same text."""
