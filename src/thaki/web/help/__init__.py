"""The users' guide inside the system: one page a role, in Markdown under `texts/`, with pictures that a test takes.

A new page is a file in `texts/` and a line in `pages.PAGES`; a test holds every role to a page.
"""
