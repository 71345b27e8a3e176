"""A new revision, written into a folder of revisions and taken into its history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, HistoryError, UsageError
from limbeck.project.files import read_file
from limbeck.project.new_revision import (
    FileNaming,
    check_new_id,
    file_path,
    make_folder,
    write_revision,
)
from limbeck.project.revision_file import RevisionFile, check_label
from limbeck.project.revision_text import render_revision
from limbeck.project.write_hooks import check_hook
from limbeck.revisions.errors import MultipleHeads, listed
from limbeck.revisions.revision import as_scalar
from limbeck.script.locations import folder_at
from limbeck.script.refusals import explained
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limbeck.revisions.resolve import Names
    from limbeck.script.directory import ScriptDirectory
    from limbeck.script.script import Script

__all__ = ["NewRevision", "generate"]


class NewRevision(Value, slots=True):
    """What a new revision shall be.

    :param id: its id.
    :param message: its message.
    :param head: words for what comes right before it.
    :param splice: it may follow what is no head.
    :param branch_labels: labels for its branch.
    :param version_path: the folder to write to, if there are several.
    :param file_template: how the file is called.
    :param depends_on: words for what must have run before, on other branches.
    :param variables: further variables of the template.
    """

    id: str
    message: str | None
    head: Names
    splice: bool
    branch_labels: tuple[str, ...]
    version_path: str | None
    file_template: str
    depends_on: tuple[str, ...]
    variables: Mapping[str, Any]


def generate(directory: ScriptDirectory, new: NewRevision) -> Script:
    """Write a new revision file and take it into the history.

    :param directory: the folder of revisions.
    :param new: what the revision shall be.
    :return: the revision.
    :raises CommandError: the file cannot be written, or not like this; none is left behind.
    """
    _refuse_existing(directory, new.id)
    for label in new.branch_labels:
        check_label(label)
    for hook in directory.hooks:
        check_hook(hook)
    parents = _parents(directory, new)
    when = directory.create_date()
    naming = FileNaming(new.file_template, directory.truncate_slug_length)
    path = file_path(_folder(directory, new, parents), naming, new.id, new.message, when)
    template = Path(directory.dir) / "script.py.mako"
    variables = {
        "upgrades": "",
        "downgrades": "",
        "imports": "",
        "config": None,
        **new.variables,
        "up_revision": new.id,
        "down_revision": as_scalar(parents),
        "branch_labels": new.branch_labels or None,
        "depends_on": as_scalar(_requirements(directory, new)),
        "create_date": when,
    }
    text = render_revision(template if template.exists() else None, variables, new.message)
    if not path.parent.exists():
        with directory.announce(f"Creating directory {path.parent}"):
            make_folder(path.parent)
    with directory.announce(f"Generating {path}"):
        write_revision(path, text, directory.output_encoding)
        script = _taken_in(directory, new, path)
    for hook in directory.hooks:
        name = hook.get("_hook_name", "")
        with directory.announce(f"Running post write hook '{name}'", newline=True):
            directory.run_hook(str(path), hook)
    return script


def _refuse_existing(directory: ScriptDirectory, id_: str) -> None:
    check_new_id(id_)
    existing = directory.revision_map.graph.by_id.get(id_)
    if existing is not None:
        raise UsageError(
            f"Revision {id_} exists already",
            hint="choose another --rev-id",
            details=existing.places("revision"),
        )


def _parents(directory: ScriptDirectory, new: NewRevision) -> tuple[str, ...]:
    graph = directory.revision_map.graph
    with explained():
        try:
            found = directory.revision_map.resolver.many(new.head)
        except MultipleHeads as error:
            raise HistoryError(
                "Multiple heads are present; please specify the head revision on which the "
                "new revision should be based, or perform a merge.",
                hint=f"type --head {error.heads[0]}, or 'limbeck merge heads' "
                f"to join {listed(error.heads)}",
            ) from error
    if isinstance(new.head, (tuple, list)) and len(set(new.head)) != len(new.head):
        raise UsageError("Duplicate head revisions specified", hint="name each head once")
    if new.splice:
        return found
    for id_ in found:
        if graph.children[id_]:
            raise HistoryError(
                f"Revision {id_} is not a head revision; please specify --splice to "
                "create a new branch from this revision",
                hint=f"after {id_} comes {listed(graph.children[id_])}",
            )
    return found


def _requirements(directory: ScriptDirectory, new: NewRevision) -> tuple[str, ...]:
    """What the file says in ``depends_on``: labels stay labels, other words become ids."""
    graph = directory.revision_map.graph
    return tuple(
        name if name in graph.by_label else one.revision
        for name in new.depends_on
        for one in directory.get_revisions(name)
    )


def _folder(directory: ScriptDirectory, new: NewRevision, parents: tuple[str, ...]) -> Path:
    folders = directory.version_folders
    if new.version_path is not None:
        wanted = Path(folder_at(new.version_path)).absolute()
        if wanted.resolve() not in {folder.resolve() for folder in folders}:
            raise UsageError(
                f"Path {Path(new.version_path)} is not represented in current version locations",
                hint=f"the version locations are {', '.join(map(str, folders))}",
            )
        return wanted
    if len(folders) == 1:
        return folders[0]
    for script in directory.get_revisions(parents):
        for folder in folders:
            if Path(script.path).is_relative_to(folder):
                return folder
    raise UsageError(
        "Multiple version locations present, please specify --version-path",
        hint=f"type --version-path {folders[0]}, or another of {', '.join(map(str, folders))}",
    )


def _read_back(directory: ScriptDirectory, new: NewRevision, path: Path) -> RevisionFile:
    template = Path(directory.dir) / "script.py.mako"
    hint = "correct the template: it must write revision = ${repr(up_revision)} and the rest of it"
    try:
        found = read_file(path)
    except HistoryError as error:
        message = f"the template {template} gives no revision: {error.message}"
        raise CommandError(message, hint=hint) from error
    if found.revision != new.id:
        message = f"the template {template} gives revision {found.revision!r} and not {new.id!r}"
        raise CommandError(message, hint=hint)
    return found


def _taken_in(directory: ScriptDirectory, new: NewRevision, path: Path) -> Script:
    """The new file as a part of the history; a file that does not fit is removed."""
    try:
        script = directory.script_class.from_file(_read_back(directory, new, path))
        missing = [one for one in new.branch_labels if one not in script.labels]
        if missing:
            raise CommandError(
                f"Version {script.revision} specified branch_labels {', '.join(missing)}, "
                f"however the migration file {path} does not have them; have you upgraded "
                "your script.py.mako to include the 'branch_labels' section?",
                hint="add a line branch_labels = ${repr(branch_labels)} to the script.py.mako",
            )
        directory.revision_map.add_revision(script)
    except CommandError:
        path.unlink(missing_ok=True)
        raise
    return script
