"""Quotations: who said what, in marks or not. Plain rules over marks and cue words, no model."""
