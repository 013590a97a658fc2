"""Reports as single HTML files that need no network: templates, one style sheet, and what is put into them."""
