"""One record as a person or a program wrote it: checked by the register, saved once, whichever way it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianlun.kernel.errors import UserError
from nianlun.ui.registers.register import Draft, Register


class NotGood(UserError):
    """Something in the record is wrong; `errors` says what, by field ("" for the record as a whole).

    `there` is the record that a new one would double.
    """

    def __init__(self, errors: Mapping[str, str], there: Any | None = None) -> None:
        super().__init__("\n".join(errors.values()), code="invalid")
        self.errors = dict(errors)
        self.there = there


class NeedsConfirmation(UserError):
    """Nothing is wrong, but something may not be meant; what is sent again as confirmed is saved."""

    def __init__(self, warnings: list[str]) -> None:
        super().__init__("\n".join(warnings), code="confirm")
        self.warnings = warnings


def checked_draft(
    register: Register[Any, Any], viewer: Any, written: Mapping[str, str], known: Any | None, revision: int | None
) -> Draft[Any]:
    """The draft of a new record (known None) or of an edit; raises NotGood.

    Fields that the viewer may not write are left out. A new record that is already there is refused: an edit is made
    on its own page, where what stands in it can be seen.
    """
    allowed = {one.code for one in register.written_fields(viewer, known)}
    raw = {code: said for code, said in written.items() if code in allowed}
    draft = register.check([raw], viewer, [known])[0]
    if draft.checked.errors:
        raise NotGood(draft.checked.errors)
    if known is None and draft.known is not None:
        said = f"已经有这条记录：{register.name(draft.known)}。请在它的页面上修改。"
        raise NotGood({"": said}, there=draft.known)
    draft.revision = revision
    return draft


def saved(register: Register[Any, Any], viewer: Any, draft: Draft[Any], *, source: str, confirmed: list[str]) -> Any:
    """The record, written. `confirmed` are the warnings that the sender has seen; any other asks first."""
    if new := [one for one in draft.warnings if one not in confirmed]:
        raise NeedsConfirmation([*confirmed, *new] if confirmed else new)
    return register.save([draft], viewer, source=source)[0]
