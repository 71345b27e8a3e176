"""Odd revision files: HEAD, WHOLE and END stand for what is usual at their beginnings and ends."""

from __future__ import annotations

import re

_HEAD = '"""odd"""\nrevision = "a"\ndown_revision = None\n'
_USUAL = {
    "HEAD": _HEAD,
    "WHOLE": f"{_HEAD}branch_labels = None\ndepends_on = None\n",
    "END": "\n\ndef upgrade():\n    pass\n",
}


def _files(table: str) -> dict[str, str]:
    """The texts of files, by what is odd in them."""
    _, *parts = re.split(r"^=== (.*)\n", table, flags=re.MULTILINE)
    texts = (
        re.sub(r"^(?:HEAD|WHOLE|END)\n", lambda m: _USUAL[m[0][:-1]], text, flags=re.MULTILINE)
        for text in parts[1::2]
    )
    return dict(zip(parts[::2], texts, strict=True))


RUN = _files(
    r'''
=== star
from odd_names import *
HEAD
END
=== star after docstring
"""odd"""
from odd_names import *
revision = "a"
down_revision = None
END
=== star over all
WHOLE
from odd_names import *
END
=== star over one
revision = "a"
depends_on = "no"
from odd_names import *
down_revision = branch_labels = None
branch_labels = None
END
=== star alone
from odd_names import *
END
=== star with blanks
from odd_names  import  *  # noqa
HEAD
END
=== star over lines
from odd_names import \
    *
HEAD
END
=== star at the end
HEAD
END
from odd_names import *
=== star at the end over lines
HEAD
END
from odd_names import \
 *
=== star that may be
HEAD
try:
    from odd_names import *
except ImportError:
    pass
=== star that may be at the end
HEAD
END
if True:
    from odd_names import *
=== star of what is no identifier
from no_identifiers import *
HEAD
END
=== imported
HEAD
from odd_names import depends_on
END
=== imported as
HEAD
from odd_names import other as depends_on
END
=== imported package
import depends_on.odd
HEAD
depends_on = 'c'
del depends_on
END
=== conditional
HEAD
if True:
    depends_on = "b"
END
=== conditional import
HEAD
if True:
    from odd_names import depends_on
END
=== conditional at the end
HEAD
END
if True:
    depends_on = "b"
=== globals
HEAD
globals().update(depends_on="b")
END
=== globals by part
HEAD
globals()["depends" + "_on"] = "b"
END
=== globals at the end
HEAD
END
globals()["depends" + "_on"] = "b"
=== globals of a function
HEAD
END
upgrade.__globals__["depends" + "_on"] = "b"
=== vars
HEAD
END
vars()["depends" + "_on"] = "b"
=== locals
HEAD
END
locals()["depends" + "_on"] = "b"
=== exec
HEAD
exec("depends_on = 'b'")
END
=== exec at the end
HEAD
END
exec ("depends" "_on = 'b'")
=== exec by another name
HEAD
run = exec
run("depends_on = 'b'")
END
=== eval
HEAD
END
eval("(depends" "_on := 'b')")
=== setattr
import sys
HEAD
setattr(sys.modules[__name__], "depends_on", "b")
END
=== setattr at the end
HEAD
END
import sys
setattr(sys.modules[__name__], "depends" "_on", "b")
=== attribute
import sys
HEAD
sys.modules[__name__].depends_on = "b"
END
=== attribute at the end
HEAD
END
import sys
sys.modules[__name__].depends_on = "b"
=== module's dictionary
import importlib, sys
HEAD
END
importlib.import_module(__name__).__dict__["depends" "_on"] = "b"
=== deleted
WHOLE
del depends_on
END
=== deleted at the end
HEAD
depends_on = "b"
END
del depends_on
=== deleted with others
HEAD
depends_on = x = "b"
END
del x, depends_on
=== deleted by an exception
HEAD
depends_on = "b"
try:
    1 / 0
except ArithmeticError as depends_on:
    pass
END
=== exception at the end
HEAD
depends_on = "b"
END
try:
    1 / 0
except ArithmeticError as depends_on:
    pass
=== loop
HEAD
for depends_on in ("b", "c"):
    pass
END
=== loop at the end
HEAD
END
for depends_on in ("b", "c"):
    pass
=== with
import contextlib
HEAD
with contextlib.nullcontext("b") as depends_on:
    pass
=== match
HEAD
match "b":
    case depends_on:
        pass
END
=== match several
HEAD
match ("b", "c"):
    case [*depends_on]:
        pass
END
=== match as
HEAD
match "b":
    case str() as depends_on:
        pass
END
=== walrus
HEAD
str(depends_on := "b")
END
=== walrus in a list
HEAD
[depends_on := each for each in "bc"]
END
=== walrus of a default
HEAD
def upgrade(x=(depends_on := "b")):
    pass
=== walrus in a value
HEAD
branch_labels = (depends_on := "b") and None
END
=== several
HEAD
depends_on, branch_labels = "b", None
END
=== twice
HEAD
depends_on = branch_labels = "b"
END
=== longer
HEAD
depends_on = ("b",)
depends_on += ("c",)
END
=== longer list
HEAD
depends_on = ["b"]
depends_on.append("c")
END
=== longer list at the end
HEAD
depends_on = ["b"]
END
depends_on.append("c")
=== longer list by another name
HEAD
x = []
depends_on = ["b"]
x = depends_on
x.append("c")
END
=== longer list in a function
HEAD
depends_on = ["b"]
def more():
    depends_on.append("c")
more()
END
=== function's
HEAD
def more():
    global depends_on
    depends_on = "b"
more()
END
=== decorated
HEAD
def now(f):
    f()
    return f
@now
def more():
    global depends_on
    from odd_names import depends_on
END
=== function's globals
HEAD
def more():
    globals()["depends" "_on"] = "b"
more()
END
=== lambda's globals
HEAD
(lambda: globals().update(depends_on="b"))()
END
=== class's
HEAD
class More:
    global depends_on
    depends_on = "b"
END
=== class's globals
HEAD
class More:
    globals()["depends" "_on"] = "b"
END
=== subclass
HEAD
class Base:
    def __init_subclass__(cls):
        global depends_on
        depends_on = "b"
class More(Base):
    pass
END
=== module's own
HEAD
def __getattr__(name):
    return "b" if name == "depends_on" else None
=== module's own, imported
HEAD
from odd_names import __getattr__
END
=== module's own, on condition
HEAD
END
if True:
    def __getattr__(name):
        if name != "depends_on":
            raise AttributeError(name)
        return "b"
=== default
HEAD
def upgrade(x=globals().update({"depends" "_on": "b"})):
    pass
=== default over lines
HEAD
def upgrade(
    x=globals().update({"depends" "_on": "b"}),
):
    pass
=== annotation of a function
HEAD
def upgrade() -> {1: globals().update({"depends" "_on": "b"})}:
    pass
=== behind a text
HEAD
END
TEXT = """
def upgrade():
    pass
"""; globals()["depends" "_on"] = "b"
=== match rest
HEAD
match {1: 2}:
    case {**depends_on}:
        depends_on = str(depends_on)
END
=== function
HEAD
END
def depends_on():
    pass
depends_on = str(1)
=== docstring
HEAD
__doc__ = "another one"
END
=== docstring at the end
HEAD
END
__doc__ += ", and more"
=== computed
HEAD
depends_on = "b".lower()
END
=== a call of set
HEAD
set = lambda: ('b',)
depends_on = set()
END
=== annotation
HEAD
depends_on: globals().update(depends_on="b") = None
END
'''
)
"""Of these, only running them can tell what their identifiers are."""

READ = _files(
    r'''
=== star before all
from odd_names import *
WHOLE
END
=== star between
HEAD
from odd_names import *
WHOLE
END
=== star before values of many kinds
from odd_names import *
revision: str = 'a'
down_revision = ('b', 'c')
branch_labels = ['x']
depends_on = {'d'}
END
=== assigned again
HEAD
revision = "b"
depends_on = ["b"]
depends_on = None
END
=== deleted and again
HEAD
depends_on = "b"
del depends_on
depends_on = "c"
END
=== loop and again
HEAD
for depends_on in "bc":
    pass
depends_on = "d"
END
=== a constant is read
WHOLE
print = str(revision)
END
=== a list is read by what is not called
HEAD
depends_on = ["b"]
def upgrade():
    print(depends_on)
=== local
HEAD
def upgrade():
    depends_on = "b"
    for revision in ():
        pass
=== of a class
HEAD
class More:
    depends_on = "b"
END
=== global of what is not called
HEAD
def upgrade():
    global depends_on
    depends_on = "b"
=== globals of what is not called
HEAD
def upgrade():
    globals()['depends_on'] = 'b'
    exec('depends_on = 1')
=== names of columns
HEAD
def upgrade():
    op.drop_column('depends_on', "revision")
=== a method
HEAD
class More:
    def __getattr__(self, name):
        return 'b'
=== names of modules
import odd_names.revisions as names, sys
HEAD
END
=== text at the beginning of a line
HEAD
def upgrade():
    op.execute("""
SELECT eval, vars, "revision" FROM attributes
""")
=== future
"""odd"""
from __future__ import annotations
WHOLE
END
=== functions that are called
HEAD
def more():
    depends_on = 'b'
more()
END
'''
)
"""Of these, the text tells it."""
