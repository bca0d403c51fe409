"""Tables in ``library.sqlite`` of what the reader searched for and wants kept."""

SCHEMA = ""
