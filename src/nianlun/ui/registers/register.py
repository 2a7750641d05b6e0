"""What a room says of one kind of record, so that list, page, form, sheet and API can be made of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from nianlun.kernel.fields import Checked, Field
from nianlun.kernel.sealing.seal import unseal

Row = TypeVar("Row", bound=Model)


class Need(StrEnum):
    """What somebody wants to do with a register; the room says who may."""

    SEE = "see"
    EDIT = "edit"
    SHEETS_IN = "sheets_in"
    SHEETS_OUT = "sheets_out"


class Viewer(Protocol):
    """Who looks at the records of one place; made by the room that knows rights."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def user_name(self) -> str: ...
    @property
    def place_code(self) -> str:
        """As it stands in addresses."""
        ...

    @property
    def place_name(self) -> str: ...
    @property
    def place_id(self) -> UUID: ...
    @property
    def tenant_id(self) -> UUID | None:
        """Whose the place is: under whose name the audit log keeps what was done there."""
        ...


V = TypeVar("V", bound=Viewer)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above a list. `choices` gives (value, title) pairs for the viewer; `narrow` applies a chosen one."""

    code: str
    title: str
    choices: Callable[[Any], Sequence[tuple[str, str]]]
    narrow: Callable[[QuerySet[Any], str, Any], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort a list: columns that are never null, the last of them unique, so that pages follow by key."""

    code: str
    title: str
    keys: tuple[str, ...]  # such as ("name", "pk")
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row, by field ("" for the row as a whole)."""

    field: str
    message: str


@dataclass(slots=True)
class Draft(Generic[Row]):
    """One record as somebody wrote it, checked: `known` is the record it means to change, None for a new one."""

    checked: Checked
    known: Row | None = None
    revision: int | None = None  # of `known` as the writer last saw it; None: whatever it is
    warnings: list[str] = field(default_factory=list)  # what may be right all the same: a form asks once, then saves


class Register(ABC, Generic[Row, V]):
    """One kind of record. Everything is batch first: one record is a batch of one, so that all ways in are alike."""

    code: ClassVar[str]  # in addresses: residents
    title: ClassVar[str]  # 居民
    counted: ClassVar[str] = "条"  # 人, 户, 栋
    model: type[Row]
    fields: ClassVar[tuple[Field, ...]]  # in the order of form and sheet
    columns: ClassVar[tuple[str, ...]]  # of the list: codes of fields, the first is the link to the record
    filters: ClassVar[tuple[Filter, ...]] = ()
    orders: ClassVar[tuple[Order, ...]]  # the first is the one that holds unasked
    list_template: ClassVar[str] = "ui/registers/list.html"
    detail_template: ClassVar[str] = "ui/registers/detail.html"
    form_template: ClassVar[str] = "ui/registers/form.html"
    may_add: ClassVar[bool] = True
    fixed: ClassVar[tuple[str, ...]] = ()  # codes of fields that are written once, with a new record
    carried: ClassVar[tuple[str, ...]] = ()  # codes of fields, none secret, that the next new form takes over
    acts: ClassVar[Mapping[str, str]] = {}  # what its audit actions are called in the history: resident.died → 去世
    identity: ClassVar[tuple[str, ...]] = ()  # codes of fields that two records never share: a sheet's rows neither

    # Who may
    @abstractmethod
    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> V:
        """Who asks; raises Http404 to a stranger and PermissionDenied to the wrong post."""

    @abstractmethod
    def may(self, viewer: V, need: Need, row: Row | None = None) -> bool:
        """Whether to show the button: the right over the place, or over one record of it."""

    # Reading
    @abstractmethod
    def rows(self, viewer: V) -> QuerySet[Row]:
        """The records that the viewer may see, joined to what `read` needs, in no order."""

    def find(self, rows: QuerySet[Row], words: str, viewer: V) -> QuerySet[Row]:
        """Of a list, the records that the words in its box find; a register without a box leaves it."""
        return rows

    def look_ahead(self, rows: Sequence[Row], viewer: V) -> None:
        """Called before many records are read: what `read` would ask of each is asked once for all of them."""
        return

    @abstractmethod
    def read(self, row: Row, viewer: V) -> dict[str, str]:
        """The record in words, by field code, as the viewer may see it: secret ones masked, hidden ones left out.

        An empty field is "", and what is given here can be written back and changes nothing.
        """

    def cell(self, row: Row, code: str, said: str) -> str:
        """What a list shows of a field: its words, or the same made plainer, such as a state as a badge."""
        return said

    def open(self, row: Row, viewer: V) -> dict[str, str]:
        """As `read`, with secret fields as they are: to compare and to put back, never to show.

        Looks for a sealed value in the column that is called after its field: id_number in id_number_sealed.
        """
        words = self.read(row, viewer)
        for one in self.fields:
            sealed = getattr(row, f"{one.code}_sealed", None)
            if one.secret and one.code in words and sealed is not None:
                words[one.code] = unseal(sealed)
        return words

    def name(self, row: Row) -> str:
        """How the record is called in a heading."""
        return str(row)

    @property
    def kind(self) -> str:
        """What audit rows call its records."""
        return self.model._meta.model_name or self.code

    def revision(self, row: Row) -> int:
        """Which edit of the record this is."""
        return int(getattr(row, "revision", 1))

    def address(self, row: Row, viewer: V) -> str:
        """Of the record's page."""
        return reverse("registers:record", args=[viewer.place_code, self.code, row.pk])

    def instead_of(self, pk: UUID, viewer: V) -> Row | None:
        """The record that stands for one that is no longer there, such as the kept one of two that were merged."""
        return None

    def written_fields(self, viewer: V, row: Row | None) -> list[Field]:
        """What somebody may write into a new record (None) or into this one: nothing that is kept from them."""
        if row is None:
            return [one for one in self.fields if not one.read_only]
        shown = self.read(row, viewer)
        return [one for one in self.fields if not one.read_only and one.code not in self.fixed and one.code in shown]

    def suggestions(self, viewer: V) -> Mapping[str, Sequence[str]]:
        """Words that a form offers while one writes, by field code; others may be written all the same."""
        return {}

    def context(self, row: Row, viewer: V, request: HttpRequest) -> dict[str, Any]:
        """What the record's page shows besides its fields."""
        return {}

    # Writing: the one validator, and the one write
    @abstractmethod
    def check(
        self, written: Sequence[Mapping[str, str]], viewer: V, known: Sequence[Row | None] | None = None
    ) -> list[Draft[Row]]:
        """Check records as they were written, by field code; one draft for each, in order, whatever is wrong with it.

        `known[i]` is the record that the i-th is meant to change, where the way in says so (a form, an id in a sheet,
        an address of the API); else the register looks for one with the same identity (an ID number, a code) and puts
        it into the draft. Fields that were not written stay as they are. It asks the database as often for 2,000
        records as for one.
        """

    @abstractmethod
    def save(self, drafts: Sequence[Draft[Row]], viewer: V, *, source: str) -> list[Row]:
        """Write good drafts in one transaction, with audit rows; gives the records, in order.

        `source` says which way they came: form, sheet:<run id>, api. A stale revision raises StaleRevision.
        """

    @abstractmethod
    def withdraw(self, made: Mapping[UUID, int], viewer: V, *, source: str) -> list[Row]:
        """Take back records that a sheet made, given with the revision each had then; gives those that must stay.

        A record that has another revision by now, or that others hang on, stays.
        """


_registers: dict[str, Register[Any, Any]] = {}


# What addresses of lists use themselves; a filter cannot be called so.
RESERVED = frozenset({"q", "s", "order", "cursor", "total", "limit"})


def register(declared: Register[Any, Any]) -> None:
    """Called by rooms once at start-up."""
    if taken := RESERVED & {one.code for one in declared.filters}:
        raise ValueError(f"{declared.code}: filters cannot be called {', '.join(sorted(taken))}")
    _registers[declared.code] = declared


def declared(code: str) -> bool:
    """Whether a room has registered that code at start-up, so that no finder's register can go by it."""
    return code in _registers


class Finder(Protocol):
    """A room whose registers are declared while the product runs."""

    def find(self, code: str) -> Register[Any, Any] | None:
        """A fresh one of that code, to be bound to a place by `viewer`."""
        ...

    def all(self) -> list[Register[Any, Any]]: ...

    def seen(self, request: HttpRequest) -> list[Register[Any, Any]]:
        """Those that hold where the asker is, with the fields that they have there."""
        ...


_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Called by rooms once at start-up."""
    _finders.append(finder)


def registered(code: str) -> Register[Any, Any]:
    """The register of that code; raises KeyError."""
    if code in _registers:
        return _registers[code]
    for finder in _finders:
        if found := finder.find(code):
            return found
    raise KeyError(code)


def registers_for(request: HttpRequest) -> list[Register[Any, Any]]:
    """What the asker's programs can ask for."""
    return [*_registers.values(), *(register for finder in _finders for register in finder.seen(request))]


def all_registers() -> list[Register[Any, Any]]:
    return [*_registers.values(), *(register for finder in _finders for register in finder.all())]
