# The settings of limbeck.

[limbeck]
# The folder with env.py, script.py.mako and the revisions. %(here)s is the folder of
# this file.
script_location = ${script_location}

# How new revision files are called; a literal % is written as %%.
# file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s

# Folders to put before sys.path, so that env.py can import your models.
prepend_sys_path = .

# What stands between several folders: os (: or ; as on this system), space, newline, : or ;
path_separator = os

# The time zone of the date in new files, such as UTC; local time if it is not set.
# timezone = UTC

# The longest slug in the name of a new file, in characters.
# truncate_slug_length = 40

# Run env.py for every revision command, not only with --autogenerate.
# revision_environment = false

# Take compiled revision files whose source is missing.
# sourceless = false

# The folders of the revisions, if not only "versions" within script_location.
# version_locations = %(here)s/first:%(here)s/second

# Look into folders within these too.
# recursive_version_locations = false

# The encoding of new files.
# output_encoding = utf-8

# The address of the database. A % in it may stand as it is.
sqlalchemy.url = driver://user:pass@localhost/dbname

[post_write_hooks]
# Programs to run over each new revision file, in this order.
# hooks = format, check
# format.type = exec
# format.executable = ruff
# format.options = format REVISION_SCRIPT_FILENAME
# check.type = module
# check.module = ruff
# check.options = check --fix REVISION_SCRIPT_FILENAME

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
