"""Published projects' whole histories, run by Alembic and by limbeck, and compared.

A recipe says which versions of a project to install and how it migrates; nothing of the project
itself is kept here.
"""
