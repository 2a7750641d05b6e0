"""Terms of bodies, and the posts that their members hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from nianlun.places.models import BodyKind

SOON = timedelta(days=60)  # before its end a term is called to mind

# By kind of body, as they stand on a roster from the top; other words may be written.
POSTS: dict[str, tuple[str, ...]] = {
    BodyKind.BRANCH.value: ("书记", "副书记", "组织委员", "宣传委员", "纪检委员", "委员", "党小组长", "党员"),
    BodyKind.COMMITTEE.value: ("主任", "副主任", "委员", "候补委员"),
    BodyKind.TEAM.value: ("队长", "副队长", "队员"),
    BodyKind.GROUP.value: ("组长", "副组长", "组员"),
    BodyKind.OTHER.value: ("负责人", "副负责人", "成员"),
}


@dataclass(frozen=True, slots=True)
class TermState:
    """How a term stands: its code, and a sentence for the body's page."""

    code: str
    said: str = ""


RUNNING = TermState("running")


def term_state(ends_on: date | None, day: date) -> TermState:
    """Whether a term that ends with that day runs on, ends soon or has ended; one without an end runs on."""
    if ends_on is None:
        return RUNNING
    if ends_on < day:
        return TermState("ended", f"本届已于 {ends_on} 届满，请办理换届。")
    if ends_on <= day + SOON:
        left = (ends_on - day).days
        return TermState("soon", f"本届到 {ends_on} 届满，{f'还有 {left} 天' if left else '就是今天'}，请准备换届。")
    return RUNNING


def post_rank(kind: str, post: str) -> tuple[int, str]:
    """Where a post stands on the roster of a body of that kind; posts of other words follow, none at all is last."""
    posts = POSTS.get(kind, ())
    if post in posts:
        return posts.index(post), ""
    return (len(posts), post) if post else (len(posts) + 1, "")
