"""The format of a ledger's file; the JSON Schema that editors check it with is made of these models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Words = Annotated[str, StringConstraints(max_length=500)]
Scalar = str | int | float | bool

FieldKind = Literal[
    "text", "long_text", "integer", "decimal", "money", "date", "time", "choice", "choices", "yes_no",
    "person", "household", "organisation", "body", "place", "user",
    "id_number", "phone", "credit_code", "account",
    "photos", "files", "location", "signature", "score", "checklist", "table", "computed",
]  # fmt: skip
CHOOSING = frozenset({"choice", "choices"})
NUMERIC = frozenset({"integer", "decimal", "money", "score"})
RECORDS = frozenset({"person", "household", "organisation", "body", "place", "user"})
SECRET = frozenset({"id_number", "phone", "credit_code", "account"})
SENSITIVE = frozenset({"photos", "location", "signature"})  # asked only with a stated purpose when required
About = Literal["person", "household", "organisation", "body", "place"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(Strict):
    """One field of a ledger."""

    code: Code
    title: Title
    kind: FieldKind
    help: Words = ""
    group: Title | Literal[""] = Field("", description="the heading under which the form shows it")
    required: bool = False
    required_if: Words = Field("", description="an expression: required where it holds")
    shown_if: Words = Field("", description="an expression: asked for only where it holds")
    choices: dict[Code, Title] = Field({}, description="of choice and choices: code and title")
    retired_choices: list[Code] = Field([], description="choices that old entries have and new ones may not take")
    retired: bool = Field(False, description="old entries show it, new ones are not asked for it")
    unit: str = Field("", max_length=10)
    least: float | None = Field(None, description="the smallest number, or the fewest choices, files or rows")
    most: float | None = Field(None, description="the greatest number, longest text, or most choices, files or rows")
    pattern: str = Field("", max_length=200, description="a regular expression that the whole text must match")
    pattern_help: Words = Field("", description="what to write, said where the pattern does not match")
    valid_if: Words = Field("", description="an expression that must hold once everything it names is filled")
    valid_help: Words = Field("", description="what to mend, said where it does not hold")
    default: Scalar | None = Field(None, description="a value, or = and an expression, such as '= today()'")
    take_over: str = Field("", description="a known value to begin with, such as subject.phone", max_length=60)
    compute: Words = Field("", description="of computed: the expression")
    purpose: Words = Field("", description="why a photo, a location or a signature must be given")
    checklist: Code | Literal[""] = Field("", description="of checklist: which one; empty: chosen in the form")
    columns: list[FieldSpec] = Field([], description="of table: the fields of each row")
    aliases: list[Title] = Field([], description="what sheets of others call it")


class Limit(Strict):
    """How long a state may last, and what happens past it."""

    days: int = Field(ge=0, le=400)
    working: bool = Field(False, description="count working days only")
    since: str = Field("entered", description="entered, or the code of a date field", max_length=40)
    then: Literal["remind", "escalate"] = "remind"


class State(Strict):
    title: Title
    final: bool = False
    tone: Literal["open", "waiting", "good", "bad", "neutral"] = "neutral"
    limit: Limit | None = None


class Transition(Strict):
    """One step of the flow, as a button: from which states, to which, by whom."""

    code: Code
    title: Title
    source: list[Code] = Field(min_length=1)
    target: Code
    who: list[str] = Field([], description="kinds of post, or doer: whoever filed the entry")
    needs: list[Code] = Field([], description="fields that must be filled, asked for in the step's form")
    asks: list[Code] = Field([], description="fields that the step's form shows beside those it needs")
    note: Literal["no", "may", "must"] = "may"
    when: Words = Field("", description="an expression: offered only where it holds")
    verifies: bool = Field(False, description="closes, approves or accepts somebody's work")
    second_person: bool = Field(False, description="never by one who did the work")
    approvals: int = Field(1, ge=1, le=5, description="how many distinct people must say so")
    paper: Code | Literal[""] = Field("", description="the paper that it issues")
    confirm: Words = Field("", description="the question asked before it is done")


class Flow(Strict):
    start: Code
    states: dict[Code, State] = Field(min_length=1)
    steps: list[Transition] = []
    escalate_if: Words = Field(
        "", description="an expression: an open entry is made known to the subdistrict as soon as it holds"
    )


class FollowOn(Strict):
    """An entry of another ledger, or a duty, that this one opens; the link is kept both ways."""

    opens: str = Field(description="the code of a ledger, or duty", max_length=40)
    title: Title
    each: Code | Literal[""] = Field("", description="one for each failed point of a checklist, or row of a table")
    when: Words = Field("", description="an expression: offered where it holds, of the row where `each` is set")
    automatic: bool = Field(False, description="opened when the entry is filed, not by a button")
    fill: dict[Code, Words] = Field({}, description="field of the opened one: expression over this entry's values")


class HandedOut(Strict):
    """A paper that can be handed out by a press, apart from any step."""

    paper: Code
    when: Words = Field("", description="an expression: offered where it holds")


class Booked(Strict):
    """What two entries cannot have at the same time, such as a room: refused while it still lies ahead."""

    what: Code = Field(description="the field that names it")
    day: Code = Field(description="a date field")
    begins: Code = Field(description="a time field")
    ends: Code = Field(description="a time field")


class HeadWords(Strict):
    """What a ledger calls one of the two things that every entry says: when it was, and whom or what it is about."""

    title: Title | Literal[""] = ""
    aliases: list[Title] = Field(default=[], description="what sheets of others call it")


class Bad(Strict):
    """An entry that must be refused, and where."""

    values: dict[str, object]
    refused: str = Field(description="the field that is refused")


class Ledger(Strict):
    """The whole file."""

    ledger: Code
    version: int = Field(ge=1)
    title: Title
    counted: str = Field("条", max_length=4)
    about: list[About] = Field(min_length=1)
    lines: list[str] = Field([], description="lines of work that its entries count for unless they say otherwise")
    help: Words = ""
    aliases: list[Title] = []
    words: list[Title] = Field([], description="words of a plan's item that suggest this ledger")
    occurred: HeadWords = Field(HeadWords(), description="what it calls the day of an entry, such as 会议日期")
    subject: HeadWords = Field(
        HeadWords(), description="what it calls whom or what an entry is about, such as 走访对象"
    )
    dated_by: Code | Literal[""] = Field(
        "", description="a date field that may lie ahead: a sheet without a day of entry takes it, today at the latest"
    )
    fields: list[FieldSpec] = Field(min_length=1)
    title_of: Code = Field(description="the field by which an entry is called in lists")
    files_by: list[str] = Field(["secretary", "worker", "grid_worker"], description="kinds of post that may file")
    sees: list[str] = Field([], description="kinds of post that see its entries besides; those of its lines always do")
    sensitive: bool = Field(False, description="seen only by the secretary, its lines' workers and those who took part")
    late_after: int = Field(3, ge=0, le=60, description="days after which an entry is late and asks for a reason")
    flow: Flow
    booked: Booked | None = Field(None, description="what two of its entries cannot have at the same time")
    papers: list[HandedOut] = Field([], description="papers handed out by a press, beside those that steps issue")
    follow_ons: list[FollowOn] = []
    columns: list[Code] = Field(min_length=1, max_length=8)
    filters: list[Code] = Field([], max_length=6)
    search: list[Code] = []
    indexed: list[Code] = Field([], max_length=4, description="choices that lists are narrowed by often: an index each")
    print: list[Code] = Field([], description="fields of the printed page, in order; empty: all")
    examples: list[dict[str, object]] = Field(min_length=1)
    bad_examples: list[Bad] = Field(min_length=1)
