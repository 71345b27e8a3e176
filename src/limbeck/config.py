"""Alembic's ``Config``: the settings of a project, from an ini file, a TOML file, or code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property

from limbeck.errors import ConfigurationError
from limbeck.light_typing import TYPE_CHECKING, Any, ClassVar, TextIO, TypeAlias, TypedDict
from limbeck.project.paths import plain
from limbeck.project.separators import split_paths, split_versions
from limbeck.project.settings import (
    DEFAULT_SCRIPT_LOCATION,
    expand_environment,
    find_settings,
)
from limbeck.project.settings_reader import SettingsReader
from limbeck.visible import visible

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from limbeck.cli.main import CommandLine as CommandLine
    from limbeck.cli.main import main as main
    from limbeck.project.fleet_settings import FleetSettings
    from limbeck.project.tenant import Tenant
    from limbeck.runtime.environment import EnvironmentContext
    from limbeck.script import ScriptDirectory

__all__ = ["Config", "MessagingOptions", "PostWriteHookConfig"]

#: The settings of one post-write hook, with its name under ``_hook_name``.
PostWriteHookConfig: TypeAlias = Mapping[str, str]

#: Where the command line is. Alembic documents it beside its settings; it is imported when
#: somebody asks for it, because the settings know nothing of those who read them.
_COMMAND_LINE = "limbeck.cli.main"

TRUE = frozenset({"true", "yes", "on", "y", "t", "1"})
FALSE = frozenset({"false", "no", "off", "n", "f", "0", ""})


class MessagingOptions(TypedDict, total=False):
    """How much to say.

    :param quiet: say nothing on stdout.
    """

    quiet: bool


class Config(SettingsReader):
    """The settings of a project.

    Nothing is read before it is asked for, and nothing is ever written.

    :param file_: the ini file.
    :param toml_file: the TOML file; read for what the ini file does not say.
    :param ini_section: the section of the ini file; ``[limbeck]`` if the file has it and
        ``[alembic]`` otherwise, if not given.
    :param output_buffer: where SQL is written to; ``sys.stdout`` if not given.
    :param stdout: where commands print to.
    :param cmd_opts: the parsed command line.
    :param config_args: values for ``%(name)s`` in the files.
    :param attributes: anything that the caller wants to hand to ``env.py``.
    """

    #: The name of the tool in new projects: of the ini file, its section, and what is imported.
    tool: ClassVar[str] = "limbeck"

    def __init__(
        self,
        file_: str | os.PathLike[str] | None = None,
        toml_file: str | os.PathLike[str] | None = None,
        ini_section: str | None = None,
        output_buffer: TextIO | None = None,
        stdout: TextIO | None = None,
        cmd_opts: argparse.Namespace | None = None,
        config_args: Mapping[str, Any] | None = None,
        attributes: Mapping[Any, Any] | None = None,
    ) -> None:
        super().__init__(
            None if file_ is None else os.fspath(file_),
            None if toml_file is None else os.fspath(toml_file),
            ini_section,
            config_args or {},
        )
        self.output_buffer = output_buffer
        self.stdout: TextIO = sys.stdout if stdout is None else stdout
        self.cmd_opts = cmd_opts
        self._given_attributes = dict(attributes or {})
        #: The database of a fleet that is meant; None for the one that the settings name.
        self.tenant: Tenant | None = None
        #: The revisions, where they are read already, for every database of a fleet.
        self.revisions_read: ScriptDirectory | None = None

    @classmethod
    def find(
        cls,
        given: Sequence[str | Path] = (),
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        **options: Any,
    ) -> Config:
        """The settings of the project in a folder.

        :param given: settings files that were named.
        :param environment: the environment variables; the process's if not given.
        :param folder: where to look; the current folder if not given.
        :param options: further parameters of :class:`Config`.
        :raises UsageError: two files of one kind were named.
        """
        files = find_settings(
            given,
            os.environ if environment is None else environment,
            "" if folder is None else folder,
        )
        return cls(files.ini, files.toml, **options)

    @cached_property
    def attributes(self) -> dict[Any, Any]:
        """Anything that the caller wants to hand to ``env.py``."""
        return self._given_attributes

    # Either ---------------------------------------------------------------------------

    def get_alembic_option(self, name: str, default: Any = None) -> Any:
        """A key of the ini file, or of the TOML file where the ini file does not have it.

        :param name: the key.
        :param default: what to give where neither has it.
        :return: a string; a list or a boolean where the TOML file says so.
        """
        written = self._from_ini(name)
        if written is not None:
            return written
        found = self._from_toml(name)
        if found is None and not self.toml_alembic_config:
            self._refuse_unknown_section(self.config_ini_section)
        return default if found is None else found

    def get_alembic_boolean_option(self, name: str) -> bool:
        """A key that is true or false; False where it is not set.

        :param name: the key.
        :raises ConfigurationError: it is neither true nor false.
        """
        if not self._is_in_ini(name):
            value = self.toml_alembic_config.get(name)
            if value is None or isinstance(value, bool):
                return bool(value)
            raise ConfigurationError(
                f"boolean value expected for TOML parameter '{name}'",
                hint=f"write {name} = true, without quotes",
            )
        text = self._read(self.config_ini_section, name).strip().lower()
        if text not in TRUE | FALSE:
            raise ConfigurationError(
                f"'{name}' in [{self.config_ini_section}] is neither true nor false: {text!r}",
                hint=f"write {name} = true",
            )
        return text in TRUE

    @property
    def script_location(self) -> str:
        """The folder of the revisions, or ``package:folder``.

        :raises ConfigurationError: no setting says it.
        """
        default = DEFAULT_SCRIPT_LOCATION if self.is_native else None
        location = self.get_alembic_option("script_location", default)
        if not location:
            raise ConfigurationError(
                "No 'script_location' key found in configuration.",
                hint=f"add script_location = … to {self.config_file_name}"
                if self.config_file_name
                else "type 'limbeck init' to begin a project here, "
                "or name the settings file with -c",
            )
        return self._beside_settings("script_location", str(location))

    def _beside_settings(self, name: str, location: str) -> str:
        """In limbeck's own settings, a relative folder is one beside the file that says so."""
        if (
            self._is_in_ini(name)
            or not self.is_native
            or ":" in location
            or os.path.isabs(location)
        ):
            return location
        return plain(os.path.join(self.toml_args["here"], location))

    def get_version_locations_list(self) -> list[str] | None:
        """The folders of revision files, None where no setting names them."""
        value = self._list_or_text("version_locations")
        if not isinstance(value, str):
            return value and [self._beside_settings("version_locations", one) for one in value]
        return split_versions(
            value,
            self._from_ini("path_separator"),
            self._from_ini("version_path_separator"),
        )

    def get_prepend_sys_paths_list(self) -> list[str] | None:
        """The folders to put before ``sys.path``, None where no setting names them."""
        value = self._list_or_text("prepend_sys_path")
        if value is None and self.is_native and self.models:
            return [self.toml_args["here"]]
        if not isinstance(value, str):
            return value and [self._beside_settings("prepend_sys_path", one) for one in value]
        return split_paths(
            value,
            self._from_ini("path_separator"),
        )

    def _list_or_text(self, name: str) -> list[str] | str | None:
        """The list of a TOML file, or the text of an ini file, which is to be split."""
        value = self.get_alembic_option(name) or None
        if isinstance(value, str) and not self._is_in_ini(name):
            value = [value]
        if isinstance(value, list):
            return [self._beside_settings(name, one) for one in value]
        if value is None or isinstance(value, str):
            return value
        raise ConfigurationError(
            f"unsupported TOML value type for key: '{name}'", hint="write a list of strings"
        )

    def get_hooks_list(self) -> list[PostWriteHookConfig]:
        """The programs to run over each new revision file, in their order."""
        if self._ini.has_section("post_write_hooks"):
            section = self.get_section("post_write_hooks", {})
            names = [one for one in section.get("hooks", "").replace(",", " ").split() if one]
            return [
                {
                    **{
                        option.removeprefix(f"{name}."): value
                        for option, value in section.items()
                        if option.startswith(f"{name}.")
                    },
                    "_hook_name": name,
                }
                for name in names
            ]
        return [self._toml_hook(one) for one in self._toml_hooks()]

    def _toml_hooks(self) -> list[Mapping[str, Any]]:
        hooks = self.toml_alembic_config.get("post_write_hooks", [])
        if not isinstance(hooks, list) or not all(isinstance(one, dict) for one in hooks):
            raise ConfigurationError(
                "unsupported TOML value type for key: 'post_write_hooks'",
                hint="write each hook under a line [[tool.limbeck.post_write_hooks]]",
            )
        return hooks

    def _toml_hook(self, hook: Mapping[str, Any]) -> PostWriteHookConfig:
        if "name" not in hook:
            raise ConfigurationError(
                "a post write hook has no 'name'", hint='add name = "…" to its table'
            )
        return {
            ("_hook_name" if option == "name" else option): self._in_toml(option, str(value))
            for option, value in hook.items()
        }

    @property
    def models(self) -> tuple[str, ...]:
        """Where the models are, as ``module:attribute``; empty where no setting says it."""
        value = self._from_toml("models") if self.is_native else None
        if value is None:
            return ()
        return (value,) if isinstance(value, str) else tuple(value)

    def database_url(self, environment: Mapping[str, str] | None = None) -> str | None:
        """The address of the database: ``url`` of native settings, with environment
        variables put in, ``sqlalchemy.url`` of an ini file otherwise.

        :param environment: the environment variables; the process's if not given.
        :return: the address, None where an ini file does not say it.
        :raises ConfigurationError: an environment variable is not set.
        """
        if self.tenant is not None:
            return self.tenant.address
        from_ini = self._from_ini("sqlalchemy.url")
        if from_ini is not None or not self.is_native:
            return from_ini
        # Taken as it is written: an address may well hold a %.
        written = str(self.toml_alembic_config.get("url", "${DATABASE_URL}"))
        return expand_environment(written, os.environ if environment is None else environment)

    def scratch_url(self, environment: Mapping[str, str] | None = None) -> str | None:
        """The address of a database to try revisions on, ``scratch_url``.

        :param environment: the environment variables; the process's if not given.
        :return: the address, None where no setting says it and limbeck makes a database.
        :raises ConfigurationError: an environment variable is not set.
        """
        written = self._from_ini("scratch_url")
        if written is None:
            written = self.toml_alembic_config.get("scratch_url")
        if not written:
            return None
        return expand_environment(str(written), os.environ if environment is None else environment)

    @property
    def keeps_history(self) -> bool:
        """Whether what is applied is written into a history table, ``history``.

        In limbeck's own projects it is, those with an ini file of limbeck's among them, unless they
        say otherwise; Alembic would stumble over a table that it does not know.
        """
        return self._is_on("history", self.is_native or self._ini.has_section("limbeck"))

    @property
    def downgrades_from_history(self) -> bool:
        """Whether a downgrade may run what the history table has kept, where the file is not there,
        ``downgrade_from_history``."""
        return self._is_on("downgrade_from_history", True)

    def _is_on(self, name: str, default: bool) -> bool:
        if self.get_alembic_option(name) is None:
            return default
        return self.get_alembic_boolean_option(name)

    @cached_property
    def fleet(self) -> FleetSettings:
        """What the table ``fleet`` of native settings says.

        :raises ConfigurationError: it makes no sense.
        """
        from limbeck.project.fleet_settings import fleet_settings

        given = self.toml_alembic_config.get("fleet", {}) if self.is_native else {}
        file = given.get("databases", "-")
        if file != "-":
            given = {**given, "databases": self._beside_settings("fleet", file)}
        return fleet_settings(given, where=f"[fleet] of {self.toml_file_name}")

    def deploy_setting(self, name: str) -> Any:
        """A setting about how a database is deployed to, such as ``lock_wait``.

        :param name: the key.
        :return: what the file says; None where none does.
        """
        written = self._from_ini(name)
        return self.toml_alembic_config.get(name) if written is None else written

    # Words ----------------------------------------------------------------------------

    @cached_property
    def messaging_opts(self) -> MessagingOptions:
        """How much to say."""
        return {"quiet": bool(getattr(self.cmd_opts, "quiet", False))}

    @property
    def environment_context_class(self) -> type[EnvironmentContext] | None:
        """The class of the environment in which commands run; None for limbeck's own."""
        return None

    @property
    def script_directory_class(self) -> type[ScriptDirectory] | None:
        """The class of the folder of revisions; None for limbeck's own."""
        return None

    def print_stdout(self, text: str, *arg: Any) -> None:
        """Print a line, unless the command line said ``--quiet``.

        :param text: the line; a ``%`` format if further arguments are given.
        """
        if self.messaging_opts.get("quiet"):
            return
        line = str(text) % arg if arg else str(text)
        self.stdout.write(printable(visible(line), self.stdout))
        self.stdout.write("\n")  # by itself, as whoever stands in for a stdout may expect

    def get_template_directory(self) -> str:
        """The folder of the templates for ``init``; a class of yours may give another."""
        return os.path.join(os.path.dirname(__file__), "project", "templates")


def printable(line: str, stream: TextIO) -> str:
    """The line with a question mark for each character that the stream cannot write."""
    if line.isascii() or isinstance(stream, io.StringIO):
        return line
    encoding = stream.encoding or "ascii"
    return line.encode(encoding, "replace").decode(encoding)


if not TYPE_CHECKING:  # a type checker would take any name for one of this module's

    def __getattr__(name: str) -> Any:
        if name in ("CommandLine", "main"):
            from importlib import import_module

            return getattr(import_module(_COMMAND_LINE), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
