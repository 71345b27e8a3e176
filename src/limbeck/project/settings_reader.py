"""The ini file and the TOML file that settings are read from."""

from __future__ import annotations

import os
from functools import cached_property

from limbeck.errors import ConfigurationError
from limbeck.light_typing import TYPE_CHECKING, Any, overload
from limbeck.project.interpolation import UnresolvedReference, interpolated
from limbeck.project.paths import absolute
from limbeck.project.plain_ini import PlainIni, parse_plain_ini
from limbeck.project.settings import TomlSettings, ini_text, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from configparser import ConfigParser

__all__ = ["SettingsReader"]


class SettingsReader:
    """Reads one ini file and one TOML file, when they are first asked for.

    :param file_: the ini file, or None.
    :param toml_file: the TOML file, or None.
    :param ini_section: the section of the ini file; see :attr:`config_ini_section`.
    :param config_args: values for ``%(name)s`` in the files.
    """

    def __init__(
        self,
        file_: str | None,
        toml_file: str | None,
        ini_section: str | None,
        config_args: Mapping[str, Any],
    ) -> None:
        self.config_file_name = file_
        self.toml_file_name = toml_file
        self._ini_section = ini_section
        self.config_args = dict(config_args)

    # The ini file ---------------------------------------------------------------------

    @cached_property
    def file_config(self) -> ConfigParser:
        """The parsed ini file; what is changed in it holds from then on.

        :raises ConfigurationError: the file is no ini file.
        """
        from limbeck.project.ini_parser import parsed_ini

        text, names = self._ini_source
        # Whoever deletes this attribute, or corrects the file, has the file read anew.
        vars(self).pop("_ini_source", None)
        vars(self).pop("_plain_ini", None)
        return parsed_ini(self.config_file_name, text, names)

    @cached_property
    def _ini_source(self) -> tuple[str, Mapping[str, str]]:
        """What the ini file says, and what its references stand for, from when somebody asked."""
        path = self.config_file_name
        return "" if path is None else ini_text(path), self._names(path)

    def take_ini(self, text: str) -> None:
        """Take a text for what the ini file says; for settings without one.

        :param text: the text.
        """
        self.__dict__.pop("_plain_ini", None)
        self.__dict__["_ini_source"] = text, self._names(None)

    @cached_property
    def _plain_ini(self) -> PlainIni | None:
        """The ini file, where neither it nor a class below makes configparser necessary."""
        if type(self).file_config is not SettingsReader.file_config:
            return None
        text, names = self._ini_source
        sections = parse_plain_ini(text)
        if sections is None:
            return None
        plain = PlainIni(sections, names)
        # Names that differ in nothing but their case are refused by configparser.
        return plain if len(plain.names) == len(names) else None

    @property
    def _ini(self) -> PlainIni | ConfigParser:
        """What answers for the ini file: the parser from when somebody has had it."""
        plain = None if "file_config" in self.__dict__ else self._plain_ini
        return self.file_config if plain is None else plain

    @property
    def config_ini_section(self) -> str:
        """The section of the ini file that is used."""
        if self._ini_section is not None:
            return self._ini_section
        return "limbeck" if self._ini.has_section("limbeck") else "alembic"

    @config_ini_section.setter
    def config_ini_section(self, name: str) -> None:
        self._ini_section = name

    @overload
    def get_section(self, name: str) -> dict[str, str] | None: ...

    @overload
    def get_section(self, name: str, default: dict[str, str]) -> dict[str, str]: ...

    @overload
    def get_section(self, name: str, default: Mapping[str, str] | None) -> Any: ...

    def get_section(self, name: str, default: Any = None) -> Any:
        """All keys of a section of the ini file.

        :param name: the section.
        :param default: what to give if there is no such section.
        """
        if not self._ini.has_section(name):
            return default
        return {option: self._read(name, option) for option in self._ini.options(name)}

    def set_main_option(self, name: str, value: str) -> None:
        """Set a key of the section that is used; no file is written.

        :param name: the key.
        :param value: its value; a literal ``%`` may be doubled.
        """
        self.set_section_option(self.config_ini_section, name, value)

    def remove_main_option(self, name: str) -> None:
        """Remove a key of the section that is used; no file is written."""
        self.file_config.remove_option(self.config_ini_section, name)

    def set_section_option(self, section: str, name: str, value: str) -> None:
        """Set a key of any section, which is made if it is not there; no file is written."""
        if not self.file_config.has_section(section):
            self.file_config.add_section(section)
        self.file_config.set(section, name, value)

    @overload
    def get_section_option(self, section: str, name: str) -> str | None: ...

    @overload
    def get_section_option(self, section: str, name: str, default: str) -> str: ...

    @overload
    def get_section_option(self, section: str, name: str, default: str | None) -> str | None: ...

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """A key of any section of the ini file.

        :param section: the section.
        :param name: the key.
        :param default: what to give where it is not set.
        :raises ConfigurationError: ``-n`` named a section that the file does not have.
        """
        self._refuse_unknown_section(section)
        if not self._ini.has_option(section, name):
            return default
        return self._read(section, name)

    @overload
    def get_main_option(self, name: str) -> str | None: ...

    @overload
    def get_main_option(self, name: str, default: str) -> str: ...

    @overload
    def get_main_option(self, name: str, default: str | None) -> str | None: ...

    def get_main_option(self, name: str, default: str | None = None) -> str | None:
        """A key of the section of the ini file that is used.

        :param name: the key.
        :param default: what to give where it is not set.
        """
        return self.get_section_option(self.config_ini_section, name, default)

    def _refuse_unknown_section(self, section: str) -> None:
        if section != self._ini_section or section in ("alembic", "limbeck"):
            return
        if not self._ini.has_section(section):
            raise ConfigurationError(
                f"No config file {self.config_file_name!r} found, "
                f"or file has no '[{section}]' section",
                hint="name a section of the file with -n",
            )

    def _from_ini(self, name: str) -> str | None:
        section = self.config_ini_section
        return self._read(section, name) if self._ini.has_option(section, name) else None

    def _is_in_ini(self, name: str) -> bool:
        return self._ini.has_option(self.config_ini_section, name)

    def _read(self, section: str, name: str) -> str:
        try:
            return self._ini.get(section, name)
        except _reference_errors() as error:
            raise ConfigurationError(
                f"'{name}' in [{section}] of {self.config_file_name or 'the settings'} "
                f"refers to a %(name)s that is not defined",
                hint="define it, or write %% for a % that means itself",
            ) from error

    # The TOML file --------------------------------------------------------------------

    @cached_property
    def toml_settings(self) -> TomlSettings:
        """The settings of the TOML file.

        :raises ConfigurationError: the file is no TOML, or a native key is unknown.
        """
        if self.toml_file_name is None:
            return TomlSettings({}, is_native=False)
        return read_toml(self.toml_file_name)

    @property
    def toml_alembic_config(self) -> Mapping[str, Any]:
        """The settings of the TOML file, as they are written."""
        return self.toml_settings.values

    @property
    def is_native(self) -> bool:
        """The settings are limbeck's own, in TOML."""
        return self.toml_settings.is_native

    @cached_property
    def toml_args(self) -> Mapping[str, str]:
        """What ``%(name)s`` stands for in the TOML file."""
        return self._names(self.toml_file_name)

    def _names(self, file: str | None) -> dict[str, str]:
        here = "" if file is None else os.path.dirname(file)
        given = {name: str(value) for name, value in self.config_args.items()}
        return {**given, "here": absolute(here).replace(os.sep, "/")}

    def _from_toml(self, name: str) -> Any:
        value = self.toml_alembic_config.get(name)
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, str):
            return self._in_toml(name, value)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return [self._in_toml(name, one) for one in value]
        raise ConfigurationError(
            f"unsupported TOML value type for key: '{name}'",
            hint="write a string, a list of strings, or true or false",
        )

    def _in_toml(self, name: str, value: str) -> str:
        try:
            return interpolated(value, self.toml_args)
        except KeyError as error:
            raise ConfigurationError(
                f"'{name}' in {self.toml_file_name} refers to %({error.args[0]})s, "
                "which is not defined",
                hint="define it, or write %% for a % that means itself",
            ) from error


def _reference_errors() -> tuple[type[Exception], ...]:
    """Of both that read ini files; asked for when there is an error, as configparser is large."""
    from configparser import InterpolationError

    return UnresolvedReference, InterpolationError
