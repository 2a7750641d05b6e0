"""Columns of secret fields: what lies in them is sealed already, and rotation finds them by their class."""

from __future__ import annotations

from typing import Any

from django.db import models


class SealedText(models.TextField):  # type: ignore[type-arg]
    """Ciphertext with the id of its key, as `seal` wrote it; empty where there is no value."""

    description = "sealed text"


class SealedMap(models.JSONField):
    """Sealed values by code, in one column of JSON; for records whose secret fields are declared, not modelled."""

    description = "sealed values by code"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", list(args), kwargs  # to the database it is no more than that


class Digest(models.BinaryField):  # type: ignore[type-arg]
    """The 32 bytes by which a sealed value is found again; null where there is no value.

    `of` names the SealedText beside it and `kind` what is mixed in, so that it can be made anew with another key.
    """

    description = "keyed digest"

    def __init__(self, *args: Any, of: str = "", kind: str = "", **kwargs: Any) -> None:
        self.of, self.kind = of, kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.of:
            kwargs["of"] = self.of
        if self.kind:
            kwargs["kind"] = self.kind
        return name, path, list(args), kwargs


class MapDigest(Digest):
    """The digest of one value of a SealedMap, in a row of its own.

    `map` is the way to the map (`entry__sealed`); the columns that `code_in` and `kind_in` name tell which value.
    """

    def __init__(self, *args: Any, map: str = "", code_in: str = "", kind_in: str = "", **kwargs: Any) -> None:
        self.map, self.code_in, self.kind_in = map, code_in, kind_in
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, f"{Digest.__module__}.{Digest.__qualname__}", args, kwargs
