[tool.limbeck]
# The folder with env.py, script.py.mako and the revisions. %(here)s is the folder of
# this file.
script_location = "${script_location}"

# How new revision files are called; a literal % is written as %%.
# file_template = "%%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s"

# Folders to put before sys.path, so that env.py can import your models.
prepend_sys_path = ["."]

# The time zone of the date in new files, such as UTC; local time if it is not set.
# timezone = "UTC"

# The longest slug in the name of a new file, in characters.
# truncate_slug_length = 40

# Run env.py for every revision command, not only with --autogenerate.
# revision_environment = false

# Take compiled revision files whose source is missing.
# sourceless = false

# The folders of the revisions, if not only "versions" within script_location.
# version_locations = ["%(here)s/first", "%(here)s/second"]

# Look into folders within these too.
# recursive_version_locations = false

# The encoding of new files.
# output_encoding = "utf-8"

# Programs to run over each new revision file, in this order.
# [[tool.limbeck.post_write_hooks]]
# name = "format"
# type = "exec"
# executable = "ruff"
# options = "format REVISION_SCRIPT_FILENAME"
