"""What lies inside an installation, seen past the service: its rows, and the files of its store."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from minio.error import S3Error
from psycopg import sql

from tests import servers
from tests.factories import stored


@dataclass(frozen=True)
class Inside:
    home: Path
    settings: Mapping[str, str]
    """The environment of its processes."""

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What an SQL statement with %s for its values yields; ids are given without dashes."""
        if url := self.settings["OCRWELL_DATABASE_URL"]:
            with psycopg.connect(url, autocommit=True) as database:
                asked = database.execute(statement.encode(), values or None)
                return asked.fetchall() if asked.description else []
        with closing(sqlite3.connect(self._file, isolation_level=None)) as file:
            return file.execute(statement.replace("%s", "?"), values).fetchall()

    def mentions(self, word: str) -> bool:
        """Whether a row has this word; in a database file, whether it stands anywhere at all."""
        if not self.settings["OCRWELL_DATABASE_URL"]:
            return word.encode() in self._file.read_bytes()
        tables = self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        look = sql.SQL("SELECT 1 FROM {0} WHERE {0}::text LIKE {1} LIMIT 1")
        looks = (look.format(sql.Identifier(table), f"%{word}%") for (table,) in tables)
        return any(self.rows(each.as_string()) for each in looks)

    def names(self, prefix: str = "") -> set[str]:
        """The files in the store whose names begin like this."""
        if bucket := self._bucket:
            listed = servers.minio().list_objects(bucket, prefix, recursive=True)
            return {str(each.object_name) for each in listed}
        return {name for name in stored(self._folder) if name.startswith(prefix)}

    def holding(self, content: bytes) -> set[str]:
        """The files in the store that this stands in."""
        return {name for name in self.names() if content in self._read(name)}

    def write(self, name: str, content: bytes) -> None:
        if bucket := self._bucket:
            servers.minio().put_object(bucket, name, io.BytesIO(content), len(content))
        else:
            (self._folder / name).write_bytes(content)

    def _read(self, name: str) -> bytes:
        """Empty where the service has deleted it meanwhile."""
        with suppress(FileNotFoundError, S3Error):
            if not self._bucket:
                return (self._folder / name).read_bytes()
            with closing(servers.minio().get_object(self._bucket, name)) as answer:
                return answer.read()
        return b""

    @property
    def _file(self) -> Path:
        return self.home / "ocrwell.sqlite3"

    @property
    def _folder(self) -> Path:
        return self.home / "store"

    @property
    def _bucket(self) -> str:
        return self.settings.get("OCRWELL_S3_BUCKET", "")
