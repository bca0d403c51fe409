"""Who and what the articles name: lexicon, recogniser, resolver, store."""
