"""What of a secret value may be seen unasked: enough to tell two apart on a page, never enough to use one."""

from __future__ import annotations

# kind -> characters shown at the start and at the end
SHOWN: dict[str, tuple[int, int]] = {"id_number": (4, 4), "phone": (3, 4), "credit_code": (4, 4), "account": (0, 4)}
HIDDEN_AT_LEAST = 4  # a shorter value shows its first character only


def mask(kind: str, plain: str) -> str:
    """The value with * in place of what is hidden: 3301**********123X, 138****5678, ****1234; of other kinds 张**."""
    start, end = SHOWN.get(kind, (1, 0))
    hidden = len(plain) - start - end
    if kind not in SHOWN or hidden < HIDDEN_AT_LEAST:
        return plain[:1] + "*" * (len(plain) - 1) if len(plain) > 1 else "*" * len(plain)
    return plain[:start] + "*" * hidden + plain[len(plain) - end :]


def is_masked(text: str) -> bool:
    """Whether a text that came back is a mask of ours or another that hides something."""
    return "*" in text
