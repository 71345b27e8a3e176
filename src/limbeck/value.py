"""Frozen values whose methods are made when the first of them is.

Each frozen dataclass gets half a dozen functions, which are compiled from a text that is put
together for it: half a millisecond and 13 KiB a class, 16 with slots. Of the hundred classes that
come with the rooms of a command, three quarters never get an instance. A class that derives from
:class:`Value` takes 2 KiB, and gets what a dataclass has where it is first used as one: the fields
as :mod:`dataclasses` reads them, and an ``__init__`` as the one function that is compiled for it.
"""

from __future__ import annotations

import os
from _thread import RLock  # threading has the same one; commands that only read do without it

from limbeck.light_typing import TYPE_CHECKING, Any, ClassVar, cast, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from dataclasses import Field, field
    from types import FunctionType
else:
    field = None  # only type checkers look at who specifies fields

__all__ = ["Value", "compared_names", "field_names"]

_LOCK = RLock()
"""Classes are completed one after the other, each with those it derives from."""

if hasattr(os, "register_at_fork"):  # a forked process has no thread that would let go of it
    os.register_at_fork(after_in_child=_LOCK._at_fork_reinit)  # type: ignore[attr-defined]  # as in logging


class _Later:
    """Stands in a class for what is made as soon as somebody asks for it."""

    __slots__ = ("kind", "name")

    def __set_name__(self, kind: _ValueType, name: str) -> None:
        self.kind, self.name = kind, name

    def __get__(self, instance: object, owner: type) -> Any:
        _complete(self.kind)
        made = self.kind.__dict__[self.name]
        return made.__get__(instance, owner) if hasattr(made, "__get__") else made


class _Options:
    """What a dataclass tells of how it is decorated, to :mod:`pprint` and to classes below it."""

    def __get__(self, instance: object, owner: type) -> Any:
        kind = next((each for each in owner.__mro__ if "_said" in vars(each)), None)
        if kind is None:
            raise AttributeError("__dataclass_params__")
        from copy import copy

        ours = cast("_ValueType", kind)
        said = copy(vars(_draft_of(ours))["__dataclass_params__"])
        said.init = said.repr = said.eq = said.frozen = True
        said.order = ours._said[2]["order"]
        return said


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class _ValueType(type):
    """Makes the classes, which know their fields and nothing more."""

    _said: tuple[dict[str, str], dict[str, Any], dict[str, bool]]
    """The annotations and the defaults of the class's own fields, and its options."""

    _draft: type
    """A usual dataclass without methods that has the same fields, once somebody asks for them."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        slots: bool = False,
        order: bool = False,
        kw_only: bool = False,
        **words: Any,
    ) -> _ValueType:
        if not bases or _is_of_others(bases, namespace):
            return super().__new__(cls, name, bases, namespace, **words)
        annotations = {
            each: said
            for each, said in namespace.get("__annotations__", {}).items()
            if not said.startswith("ClassVar")
        }
        defaults = {each: namespace.pop(each) for each in annotations if each in namespace}
        if slots:
            namespace["__slots__"] = tuple(annotations)
        namespace["__dataclass_fields__"] = _Later()
        is_own = namespace.setdefault("__init__", later := _Later()) is not later
        kind = super().__new__(cls, name, bases, namespace, **words)
        kind._said = (annotations, defaults, {"order": order, "kw_only": kw_only})
        if is_own:
            _complete(kind)  # its __init__ would not do it
        return kind


class Value(metaclass=_ValueType):
    """What frozen values derive from: ``class Finding(Value): …``, with fields as in a dataclass.

    It is a ``dataclass(frozen=True)`` for whoever uses it, so that :func:`dataclasses.field`,
    ``fields`` and ``replace`` do what they always do. A class says ``slots=True`` where thousands
    of it are made, whose ``__init__`` then takes a tenth of the time; ``order=True`` and
    ``kw_only=True`` mean what they do in a dataclass.
    """

    __slots__ = ()

    __dataclass_params__ = _Options()

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __repr__(self) -> str:
        said = ", ".join(
            f"{name}={getattr(self, name)!r}"
            for name, each in self.__dataclass_fields__.items()
            if each.repr
        )
        return f"{type(self).__qualname__}({said})"

    def __setattr__(self, name: str, value: object) -> None:
        _refuse(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        _refuse(f"cannot delete field {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        own = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return _made_again, (type(self), own | getattr(self, "__dict__", {}))


def _is_of_others(bases: Iterable[type], namespace: Mapping[str, Any]) -> bool:
    """Whether a class is a program's own kind of view, say, and complete what it derives from.

    It is a class as any other then: a dataclass if it is decorated as one, and its annotations are
    what its module makes of them.
    """
    values = [each for each in bases if isinstance(each, _ValueType) and each is not Value]
    package = _package(namespace.get("__module__", ""))
    ours = [each for each in values if "_said" in vars(each)]
    if ours == values and all(_package(each.__module__) == package for each in values):
        return False
    for each in ours:
        _complete(each)
    return True


def _package(module: str) -> str:
    return module.partition(".")[0]


def field_names(kind: type[Value]) -> tuple[str, ...]:
    """The names of a class's fields, in their order, without completing it."""
    return tuple(name for name, _ in _with_defaults(kind))


def compared_names(kind: type[Value]) -> tuple[str, ...]:
    """The same of those that say whether two values are equal."""
    return tuple(
        name for name, default in _with_defaults(kind) if getattr(default, "compare", True)
    )


def _with_defaults(kind: type) -> Iterable[tuple[str, object]]:
    found: dict[str, object] = {}
    for each in reversed(kind.__mro__):
        if "_said" in vars(each):
            annotations, defaults, _ = vars(each)["_said"]
            found |= {name: defaults.get(name) for name in annotations}
    return found.items()


def _made_again(kind: type[Value], attributes: dict[str, object]) -> object:
    """The value that was pickled or copied, whose class may be without methods here."""
    _complete(cast("_ValueType", kind))
    made = object.__new__(kind)
    for name, value in attributes.items():
        object.__setattr__(made, name, value)
    return made


def _refuse(said: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(said)


def _complete(kind: _ValueType) -> None:
    """Give a class all that a dataclass has, but for what it defines by itself.

    ``__init__`` comes when what compares is there: whoever has an instance, in whatever thread, has
    a complete class, or waits for its fields. They come last, so that who is interrupted within
    leaves a class that is completed when it is used again.
    """
    with _LOCK:
        if not isinstance(vars(kind).get("__dataclass_fields__"), _Later):
            return  # or it is a program's own, and has what it derives from
        draft = _draft_of(kind)
        fields: dict[str, Field[Any]] = vars(draft)["__dataclass_fields__"]
        compared = tuple(name for name, each in fields.items() if each.compare)
        for name, method in _comparing(compared, is_ordered=kind._said[2]["order"]).items():
            if name not in kind.__dict__:
                setattr(kind, name, method)
        kind.__match_args__ = vars(draft)["__match_args__"]  # type: ignore[attr-defined,misc]  # as dataclass does
        if isinstance(kind.__dict__["__init__"], _Later):
            kind.__init__ = _init(kind, fields.values())  # type: ignore[misc]  # of this class
        kind.__dataclass_fields__ = fields  # type: ignore[attr-defined]  # as above


def _draft_of(kind: _ValueType) -> type:
    if "_draft" in kind.__dict__:
        return kind._draft
    from dataclasses import dataclass

    annotations, defaults, options = kind._said
    bases = [each for each in kind.__bases__ if isinstance(each, _ValueType) and each is not Value]
    namespace = {
        "__module__": kind.__module__,
        "__doc__": "Otherwise one is put together of the signature.",
        "__annotations__": annotations,
        **defaults,
    }
    draft = type(kind.__name__, tuple(map(_draft_of, bases)), namespace)
    kind._draft = dataclass(init=False, repr=False, eq=False, kw_only=options["kw_only"])(draft)
    return kind._draft


def _comparing(names: tuple[str, ...], *, is_ordered: bool) -> dict[str, Callable[..., Any]]:
    """The methods that compare values by some of their fields; only the fields differ."""
    import operator

    values = operator.attrgetter(*names) if len(names) > 1 else _few(names)

    def equal(self: object, other: object) -> Any:
        return (
            values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented
        )

    def hashed(self: object) -> int:
        return hash(values(self))

    def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, object], Any]:
        def compared(self: object, other: object) -> Any:
            is_same_kind = other.__class__ is self.__class__
            return compare(values(self), values(other)) if is_same_kind else NotImplemented

        return compared

    names_of_order = ("__lt__", "__le__", "__gt__", "__ge__") if is_ordered else ()
    in_order = {name: ordered(getattr(operator, name)) for name in names_of_order}
    return {"__eq__": equal, "__hash__": hashed, **in_order}


def _few(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """What ``attrgetter`` does for two names and more: a tuple of the values."""
    return lambda value: tuple([getattr(value, name) for name in names])


def _init(kind: _ValueType, fields: Iterable[Field[Any]]) -> FunctionType:
    """An ``__init__`` of the text that a dataclass would have made for the same fields.

    It sets a slot directly. ``object.__setattr__``, which is needed where there are none, looks
    through the classes for each field, which takes ten times as long.
    """
    known: dict[str, Any] = {"__put": object.__setattr__}
    positional: list[str] = ["self"]
    named: list[str] = []
    lines: list[str] = []
    for each in fields:
        default, value = _default_and_value(each, known)
        if each.init:
            (named if each.kw_only else positional).append(each.name + default)
        if value is None:
            continue
        if kind.__dictoffset__:
            lines.append(f"__put(self, {each.name!r}, {value})")
        else:
            known[f"__put_{each.name}"] = getattr(kind, each.name).__set__
            lines.append(f"__put_{each.name}(self, {value})")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    parameters = ", ".join([*positional, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n    " + "\n    ".join(lines or ["pass"]), known)
    made = cast("FunctionType", known.pop("__init__"))
    made.__qualname__, made.__module__ = f"{kind.__qualname__}.__init__", kind.__module__
    return made


def _default_and_value(field: Field[Any], known: dict[str, Any]) -> tuple[str, str | None]:
    """How a field's default is said in the parameters, and its value in what puts it.

    The value is None for a field that nobody gives and that has no default: ``__post_init__`` puts
    it.
    """
    from dataclasses import MISSING

    name = field.name
    if field.default_factory is not MISSING:
        known["__open"], known[f"__new_{name}"] = MISSING, field.default_factory
        made = f"__new_{name}()"
        return "=__open", f"{made} if {name} is __open else {name}" if field.init else made
    if field.default is not MISSING:
        known[f"__default_{name}"] = field.default
        return f"=__default_{name}", name if field.init else f"__default_{name}"
    return "", name if field.init else None
