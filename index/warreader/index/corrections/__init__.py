"""What the reader sets right: the kind of a line, an article's title, outlet, author, agency, date, url, language."""
