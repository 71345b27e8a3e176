# The settings of limbeck.

[limbeck]
# The folders and files are set in pyproject.toml; what is set here counts first.

# The address of the database. A % in it may stand as it is.
sqlalchemy.url = driver://user:pass@localhost/dbname

# Logging, as env.py sets it up.
[loggers]
keys = root,sqlalchemy,limbeck

[handlers]
keys = console

[formatters]
keys = plain

[logger_root]
level = WARNING
handlers = console
qualname =

[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine

[logger_limbeck]
level = INFO
handlers =
qualname = limbeck

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = plain

[formatter_plain]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
