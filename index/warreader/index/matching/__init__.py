"""Matches: the same words in two or more places, across articles and within one."""
