"""A folder of revisions: what Alembic calls the script directory."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext

from limbeck.errors import CommandError, ConfigurationError, HistoryError
from limbeck.light_typing import TYPE_CHECKING, Any, ClassVar
from limbeck.project.file_index import read_files
from limbeck.project.paths import absolute
from limbeck.project.settings import DEFAULT_FILE_TEMPLATE
from limbeck.revisions.errors import MultipleHeads, listed
from limbeck.revisions.graph import RevisionMap
from limbeck.revisions.names import parse_name
from limbeck.revisions.revision import OneOrMany, as_scalar, as_tuple
from limbeck.script.locations import folder_at, prepend_sys_path
from limbeck.script.refusals import explained
from limbeck.script.script import Script

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from limbeck.config import Config
    from limbeck.revisions.resolve import Names
    from limbeck.revisions.step import PlanStep

__all__ = ["ScriptDirectory"]


def _no_python(path: Path, error: SyntaxError) -> ConfigurationError:
    from limbeck.project.user_frames import user_frames

    return ConfigurationError(
        f"{path} is not Python: {error.msg}",
        hint="correct the file, or restore it",
        details=user_frames(error),
    )


def _now() -> datetime.datetime:
    import datetime

    return datetime.datetime.now(datetime.UTC)


class ScriptDirectory:
    """The revisions of a project, with ``env.py`` and the template of new ones.

    :param dir: the folder with ``env.py`` and ``script.py.mako``, as far as they are there.
    :param file_template: how new files are called; see :class:`FileNaming`.
    :param truncate_slug_length: the longest slug in the name of a new file, in characters.
    :param version_locations: folders of revision files; ``versions`` within ``dir`` if not given.
    :param sourceless: compiled files count where their source is missing.
    :param output_encoding: the encoding of new files.
    :param timezone: the zone for the date in new files; local time if not given.
    :param hooks: programs to run over new files.
    :param recursive_version_locations: look into folders within the folders of revisions.
    :param messaging_opts: how much to say.
    :param clock: gives the time now, with its zone.
    :raises CommandError: the folder does not exist.
    """

    #: What a revision file becomes.
    script_class: ClassVar[type[Script]] = Script
    #: What the history becomes.
    revision_map_class: ClassVar[type[RevisionMap]] = RevisionMap

    def __init__(
        self,
        dir: str | Path,
        file_template: str = DEFAULT_FILE_TEMPLATE,
        truncate_slug_length: int | None = 40,
        version_locations: Sequence[str | Path] | None = None,
        sourceless: bool = False,
        output_encoding: str = "utf-8",
        timezone: str | None = None,
        hooks: Sequence[Mapping[str, str]] = (),
        recursive_version_locations: bool = False,
        messaging_opts: Mapping[str, Any] | None = None,
        *,
        clock: Callable[[], datetime.datetime] = _now,
    ) -> None:
        self.dir = str(dir)
        self.file_template = file_template
        self.truncate_slug_length = truncate_slug_length or 40
        self.version_locations = version_locations or ()
        self.sourceless = sourceless
        self.output_encoding = output_encoding
        self.timezone = timezone
        self.hooks = list(hooks)
        self.recursive_version_locations = recursive_version_locations
        self.messaging_opts = dict(messaging_opts or {})
        self.clock = clock
        #: Entered around whatever takes a moment, with what there is to say about it, and with
        #: ``newline`` where somebody else may say something meanwhile.
        self.announce: Callable[..., AbstractContextManager[None]] = self._announce
        if not os.path.isdir(self.dir):
            raise CommandError(
                f"Path doesn't exist: {self.dir}.  "
                "Please use the 'init' command to create a new scripts folder.",
                hint="type 'limbeck init', or correct script_location in the settings",
            )

    def _announce(self, message: str, newline: bool = False) -> AbstractContextManager[None]:
        """Say nothing where nobody has said how."""
        return nullcontext()

    @classmethod
    def from_config(cls, config: Config) -> ScriptDirectory:
        """The folder that the settings name; ``prepend_sys_path`` takes effect.

        :param config: the settings.
        :raises ConfigurationError: a setting cannot be used.
        :raises CommandError: the folder does not exist.
        """
        location = folder_at(config.script_location)
        prepend_sys_path(config.get_prepend_sys_paths_list() or ())
        length = config.get_alembic_option("truncate_slug_length", "40")
        if not str(length).strip().isdigit():
            raise ConfigurationError(
                f"'truncate_slug_length' is not a number of characters: {length!r}",
                hint="write truncate_slug_length = 40",
            )
        locations = config.get_version_locations_list()
        return cls(
            location,
            file_template=config.get_alembic_option("file_template", DEFAULT_FILE_TEMPLATE),
            truncate_slug_length=int(length),
            version_locations=[folder_at(one) for one in locations or ()],
            sourceless=config.get_alembic_boolean_option("sourceless"),
            output_encoding=config.get_alembic_option("output_encoding", "utf-8"),
            timezone=config.get_alembic_option("timezone"),
            hooks=config.get_hooks_list(),
            recursive_version_locations=config.get_alembic_boolean_option(
                "recursive_version_locations"
            ),
            messaging_opts=config.messaging_opts,
        )

    # What is on disk -------------------------------------------------------------------

    @property
    def version_locations(self) -> list[str]:
        """The folders of revision files that were named; an ``env.py`` may name others."""
        return self._named_folders

    @version_locations.setter
    def version_locations(self, folders: Iterable[str | Path]) -> None:
        self._named_folders = [str(folder) for folder in folders]
        self.revision_map = self.revision_map_class(self._load_revisions)

    @property
    def version_folders(self) -> list[Path]:
        """Every folder of revision files."""
        from pathlib import Path

        return [Path(one) for one in self._folders]

    @property
    def _folders(self) -> list[str]:
        return [absolute(one) for one in self.version_locations or [f"{self.dir}/versions"]]

    @property
    def versions(self) -> str:
        """The folder of revision files.

        :raises CommandError: there are several.
        """
        folders = self._folders
        if len(folders) > 1:
            raise CommandError("Multiple version_locations present")
        return folders[0]

    @property
    def env_py_location(self) -> str:
        """Where ``env.py`` is, or would be."""
        return absolute(f"{self.dir}/env.py")

    @property
    def has_env_py(self) -> bool:
        """The project has an ``env.py`` of its own."""
        return self._env_py is not None

    @property
    def _env_py(self) -> Path | None:
        """The file to run: the source, or what was compiled from it where that may be enough."""
        from pathlib import Path

        from limbeck.project.loading import compiled_file

        source = Path(self.env_py_location)
        if source.is_file():
            return source
        return compiled_file(source) if self.sourceless else None

    def _load_revisions(self) -> Iterator[Script]:
        files = read_files(
            self._folders,
            recursive=self.recursive_version_locations,
            sourceless=self.sourceless,
        )
        return map(self.script_class.from_file, files)

    def run_env(self) -> ModuleType:
        """Run ``env.py``, under the module name ``env_py``.

        :raises ConfigurationError: there is none, or it is no Python.
        :raises BaseException: whatever it raises.
        """
        from limbeck.project.loading import load_module

        path = self._env_py_there()
        try:
            return load_module(path, "env_py")
        except SyntaxError as error:
            # Python names no file where it could not even decode it
            if error.filename not in (None, str(path)):
                raise
            raise _no_python(path, error) from error

    def refuse_unusable_env(self) -> None:
        """Find out, without running it, whether ``env.py`` can be run.

        :raises ConfigurationError: there is none, or it is no Python.
        """
        import warnings

        from limbeck.syntax_trees import syntax_tree

        if type(self).run_env is not ScriptDirectory.run_env:
            return  # a project's own class may run something else
        path = self._env_py_there()
        if path.suffix != ".py":
            return
        try:
            with warnings.catch_warnings(action="ignore"):  # running it warns
                syntax_tree(path.read_bytes(), str(path))
        except SyntaxError as error:
            raise _no_python(path, error) from error
        except (OSError, ValueError):
            return  # running it says it better

    def _env_py_there(self) -> Path:
        path = self._env_py
        if path is None:
            raise ConfigurationError(
                f"there is no file {self.env_py_location}",
                hint="restore it; 'limbeck init FOLDER' shows what is usually in it",
            )
        return path

    # Questions -------------------------------------------------------------------------

    def walk_revisions(self, base: Names = "base", head: Names = "heads") -> Iterator[Script]:
        """The revisions of a range with both its ends, newest first.

        :param base: the older end.
        :param head: the newer end.
        :raises CommandError: in the words of this question; when the first is asked for.
        """
        with explained(start=base, end=head):
            yield from self.iterate_revisions(
                head, base, inclusive=True, assert_relative_length=False
            )

    def iterate_revisions(self, upper: Names, lower: Names, **kw: Any) -> Iterator[Script]:
        """The revisions of a range, newest first; see :meth:`RevisionMap.iterate_revisions`.

        :param upper: the newer end.
        :param lower: the older end, not part of the range itself.
        :raises RevisionError: as the graph says it; when the first is asked for.
        """
        return _scripts(self.revision_map.iterate_revisions(upper, lower, **kw))

    def get_revisions(self, id_: Names) -> tuple[Script, ...]:
        """The revisions that words stand for; see :meth:`RevisionMap.get_revisions`."""
        with explained():
            return tuple(_scripts(self.revision_map.get_revisions(id_)))

    def get_revision(self, id_: Names) -> Script | None:
        """The one revision that a word stands for, None for ``base``."""
        with explained():
            found = self.revision_map.get_revision(id_)
        return found if isinstance(found, Script) else None

    def get_all_current(self, id_: Names) -> set[Script]:
        """The newest applied revision of every line.

        :param id_: what the version table holds.
        """
        with explained():
            return set(_scripts(self.revision_map.get_all_current(id_)))

    def as_revision_number(self, id_: Names) -> str | tuple[str, ...] | None:
        """The id or ids that a symbol such as ``head`` stands for, None for ``base``.

        :param id_: words for revisions; one that is no symbol is given as it was typed, without
            its branch.
        :return: ``heads`` as a tuple, several words as a tuple, else one id.
        """
        if id_ is None:
            return None
        if isinstance(id_, str):
            name = parse_name(id_)
            if name.is_relative or name.symbol not in ("head", "heads", "base"):
                return id_ if name.branch is None else id_.removeprefix(f"{name.branch}@")
            found = tuple(one.revision for one in self.get_revisions(id_))
            return found if id_ == "heads" else as_scalar(found)
        numbers = [self.as_revision_number(one) for one in id_]
        return as_scalar([one for found in numbers for one in as_tuple(found)])

    def get_current_head(self) -> str | None:
        """The id of the head, None without revisions.

        :raises CommandError: there are several.
        """
        try:
            return self.revision_map.get_current_head()
        except MultipleHeads as error:
            raise HistoryError(
                "The script directory has multiple heads (due to branching)."
                "Please use get_heads(), or merge the branches using alembic merge.",
                hint=f"the heads are {listed(error.heads)}; 'limbeck merge heads' joins them",
            ) from error

    def get_heads(self, consider_depends_on: bool = False) -> list[str]:
        """The ids of all heads.

        :param consider_depends_on: leave out what others depend on.
        """
        graph = self.revision_map
        return list(graph.effective_heads if consider_depends_on else graph.heads)

    def get_base(self) -> str | None:
        """The id of the base, None without revisions.

        :raises CommandError: there are several.
        """
        bases = self.get_bases()
        if len(bases) > 1:
            raise HistoryError(
                "The script directory has multiple bases. Please use get_bases().",
                hint=f"the bases are {listed(bases)}",
            )
        return bases[0] if bases else None

    def get_bases(self) -> list[str]:
        """The ids of all bases."""
        return list(self.revision_map.bases)

    # Plans -----------------------------------------------------------------------------

    def _upgrade_revs(self, destination: Names, current_rev: Names) -> list[PlanStep]:
        """The steps of an upgrade, each of whose files is known to load."""
        with explained(upgrade_to=destination):
            from limbeck.script.loaded import loaded

            return loaded(self.revision_map.plan_upgrade(current_rev, destination))

    def _downgrade_revs(self, destination: Names, current_rev: Names) -> list[PlanStep]:
        """The steps of a downgrade, each of whose files is known to load."""
        with explained(downgrade_to=destination):
            from limbeck.script.loaded import loaded

            return loaded(self.revision_map.plan_downgrade(current_rev, destination))

    def _stamp_revs(self, revision: Names, heads: Names) -> list[PlanStep]:
        """The steps of a stamp."""
        with explained(stamp=True):
            return list(self.revision_map.plan_stamp(heads, revision))

    # New revisions ---------------------------------------------------------------------

    def create_date(self) -> datetime.datetime:
        """The time to write into a new file.

        :raises ConfigurationError: the setting ``timezone`` names no zone.
        """
        from limbeck.project.new_revision import created_at

        return created_at(self.clock, self.timezone)

    def run_hook(self, path: str, hook: Mapping[str, str]) -> None:
        """Run a post-write hook over a new file.

        :param path: the file.
        :param hook: its settings.
        :raises CommandError: the hook is not known, or fails.
        """
        from limbeck.project.write_hooks import run_hook

        run_hook(path, hook)

    def generate_revision(
        self,
        revid: str,
        message: str | None,
        head: Names = None,
        splice: bool | None = False,
        branch_labels: OneOrMany = None,
        version_path: str | Path | None = None,
        file_template: str | None = None,
        depends_on: OneOrMany = None,
        **kw: Any,
    ) -> Script:
        """Write a new revision file and take it into the history.

        :param revid: its id.
        :param message: its message.
        :param head: what comes right before it; ``head`` if not given.
        :param splice: it may follow what is no head.
        :param branch_labels: labels for its branch.
        :param version_path: the folder to write to.
        :param file_template: how the file is called.
        :param depends_on: what must have run before, on other branches.
        :param kw: further variables of the template.
        :return: the revision.
        :raises CommandError: the file cannot be written, or not like this.
        """
        from limbeck.script.generate import NewRevision, generate

        return generate(
            self,
            NewRevision(
                id=revid,
                message=message,
                head="head" if head is None else head,
                splice=bool(splice),
                branch_labels=as_tuple(branch_labels),
                version_path=None if version_path is None else str(version_path),
                file_template=file_template or self.file_template,
                depends_on=as_tuple(depends_on),
                variables=kw,
            ),
        )


def _scripts(revisions: Iterator[Any] | Sequence[Any]) -> Iterator[Script]:
    return (one for one in revisions if isinstance(one, Script))
