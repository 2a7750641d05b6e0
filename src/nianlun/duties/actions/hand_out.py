"""Handing out: duties to people, posts and bodies, by hand or by a plan's words of ownership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from nianlun.duties.actions.acts import ASSIGNEE_FIELDS, assignments_of, note_act, snapshot
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.models import Assignee, Assignment, Duty, Mode, OwnerWord
from nianlun.kernel import audit
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Body, Community, Post, PostKind, User


@dataclass(frozen=True, slots=True)
class Whom:
    """Exactly one of a person, a post (by its title, or by its kind) or a body, and whether each of them must do it."""

    user_id: UUID | None = None
    post_title: str = ""
    post_kind: str = ""
    body_id: UUID | None = None
    mode: str = Mode.ANY

    @classmethod
    def parse(cls, given: str, mode: str) -> Whom:
        """Read the value of a choice on a page: user:…, title:…, kind:…, body:…."""
        kind, _, value = given.partition(":")
        chosen = Mode(mode) if mode in Mode.values else Mode.ANY
        try:
            match kind:
                case "user":
                    return cls(user_id=UUID(value))
                case "body":
                    return cls(body_id=UUID(value), mode=chosen)
                case "title" if value:
                    return cls(post_title=value, mode=chosen)
                case "kind" if value in PostKind.values:
                    return cls(post_kind=value, mode=chosen)
        except ValueError:
            pass
        raise UserError("请选择分给谁。")

    @classmethod
    def of(cls, assignee: Assignee) -> Whom:
        return cls(assignee.user_id, assignee.post_title, assignee.post_kind, assignee.body_id, assignee.mode)

    @property
    def value(self) -> str:
        """The value of its choice on a page."""
        if self.user_id:
            return f"user:{self.user_id}"
        if self.body_id:
            return f"body:{self.body_id}"
        return f"title:{self.post_title}" if self.post_title else f"kind:{self.post_kind}"

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ASSIGNEE_FIELDS}


def check_in_community(whom: Whom, community: Community) -> None:
    """Nothing is handed out of the community."""
    posts = Post.objects.current().filter(community=community)
    if whom.user_id is not None:
        there = posts.filter(user_id=whom.user_id).exists()
    elif whom.body_id is not None:
        there = Body.objects.filter(pk=whom.body_id, community=community).exists()
    else:
        there = True  # a post may be vacant for a while
    if not there:
        raise UserError("所选的人或队伍不在本社区，请重新选择。")


@transaction.atomic
def hand_out(
    *, acting_user: User, community: Community, chosen: Sequence[tuple[UUID, int]], to: Whom
) -> list[AuditRow]:
    """Give these duties to one assignee, all or none; what was handed out before, by hand or by words, gives way."""
    check_in_community(to, community)
    return _each(acting_user, community, chosen, lambda duty: [Assignment(duty=duty, **to.fields())])


@transaction.atomic
def back_to_words(*, acting_user: User, community: Community, chosen: Sequence[tuple[UUID, int]]) -> list[AuditRow]:
    """Drop what was handed out by hand: the plan's own words of ownership say again whose it is."""
    words = _mapped(community)
    return _each(acting_user, community, chosen, lambda duty: _by_words(duty, words))


def _each(acting_user: User, community: Community, chosen: Sequence[tuple[UUID, int]], make: Any) -> list[AuditRow]:
    if not chosen:
        raise UserError("请先勾选要分的任务。")
    revisions = dict(chosen)
    duties = list(
        Duty.objects.select_for_update(of=("self",))
        .filter(pk__in=revisions, community=community, ended_on=None)
        .order_by("pk")
    )
    if len(duties) != len(revisions):
        raise UserError("有任务已不在本社区的计划中，请刷新页面后再分。")
    rows = []
    for duty in duties:
        if duty.revision != revisions[duty.pk]:
            roster = Roster(community)
            raise StaleRevision(
                f"“{duty.title[:20]}”刚刚由别人分过，请核对后再分。",
                mine=Hands(roster, make(duty)).said(duty.pk),
                theirs=Hands.of_duties(roster, [duty.pk]).said(duty.pk),
            )
        before = {"assignments": assignments_of(duty.pk)}
        duty.assignments.all().delete()
        Assignment.objects.bulk_create(make(duty))
        duty.revision += 1
        duty.save(update_fields=["revision"])
        rows.append(note_act("duty.handed_out", acting_user=acting_user, record=duty, before=before))
    return rows


@transaction.atomic
def map_word(
    *, acting_user: User, community: Community, word: str, to: Whom | None, seen: Whom | None = None
) -> AuditRow:
    """Say whom a plan's word of ownership means, once and for later plans; None forgets it.

    `seen` is what the word meant when the user looked: somebody else's change in between is not overwritten.
    """
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    before = OwnerWord.objects.filter(community=community, word=word).first()
    stands = Whom.of(before) if before else None
    if stands != seen:
        roster = Roster(community)
        raise StaleRevision(
            f"“{word}”刚刚由别人改过对应，请核对后再保存。",
            mine=roster.name_of(Assignment(**to.fields())) if to else "不对应",
            theirs=roster.name_of(before) if before else "不对应",
        )
    if to is not None:
        check_in_community(to, community)
    _set_word(community, word, to)
    return audit.record(
        "owner_word.mapped", actor_id=acting_user.pk, kind="community", record_id=community.pk,
        subdistrict_id=community.subdistrict_id,
        detail={
            "word": word,
            "before": {**snapshot(before, ASSIGNEE_FIELDS), "automatic": before.automatic} if before else None,
            "after": snapshot(Assignment(**to.fields()), ASSIGNEE_FIELDS) if to else None,
        },
    )  # fmt: skip


def unmap_word(community: Community, word: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> bool:
    """Undo of mapping: put the word back as it stood, if it still stands as the act left it."""
    stands = OwnerWord.objects.filter(community=community, word=word).first()
    if (snapshot(stands, ASSIGNEE_FIELDS) if stands else None) != after:
        return False
    automatic = bool(before and before.get("automatic"))
    fields = {name: before[name] for name in ASSIGNEE_FIELDS} if before else None
    _set_word(community, word, Whom(**fields) if fields else None, automatic=automatic)
    return True


def _set_word(community: Community, word: str, to: Whom | None, *, automatic: bool = False) -> None:
    if to is None:
        OwnerWord.objects.filter(community=community, word=word).delete()
    else:
        OwnerWord.objects.update_or_create(
            community=community, word=word, defaults={**to.fields(), "automatic": automatic}
        )
    assign_by_words(community)


@transaction.atomic
def map_known_words(community: Community) -> list[str]:
    """Map by itself each word that equals a post's title, a post's kind, a body's name or one person's name here."""
    known = set(OwnerWord.objects.filter(community=community).values_list("word", flat=True))
    words = {word for words in _live(community).values_list("owner_words", flat=True) for word in words} - known
    if not words:
        return []
    posts = Post.objects.current().filter(community=community).select_related("user")
    whom: dict[str, Whom] = {}
    people: defaultdict[str, set[UUID]] = defaultdict(set)
    for post in posts:
        people[post.user.name].add(post.user_id)
    whom |= {name: Whom(user_id=next(iter(found))) for name, found in people.items() if len(found) == 1}
    whom |= {body.name: Whom(body_id=body.pk) for body in Body.objects.filter(community=community)}
    whom |= {post.get_kind_display(): Whom(post_kind=post.kind) for post in posts}
    whom |= {post.title: Whom(post_title=post.title) for post in posts if post.title}
    found = sorted(words & set(whom))
    OwnerWord.objects.bulk_create(
        [OwnerWord(community=community, word=word, automatic=True, **whom[word].fields()) for word in found],
        ignore_conflicts=True,
    )
    if found:
        audit.record(
            "owner_word.matched", actor_id=None, kind="community", record_id=community.pk,
            subdistrict_id=community.subdistrict_id, detail={"words": found},
        )  # fmt: skip
    return found


@transaction.atomic
def assign_by_words(community: Community) -> int:
    """Let assignments that came by words follow the mapping; what is by hand stays. Gives how many changed."""
    words = _mapped(community)
    held: defaultdict[UUID, list[Assignment]] = defaultdict(list)
    for one in Assignment.objects.filter(duty__community=community, duty__ended_on=None):
        held[one.duty_id].append(one)
    new: list[Assignment] = []
    gone: list[UUID] = []
    for duty in _live(community).only("pk", "owner_words"):
        if any(not one.word for one in held[duty.pk]):
            continue
        wanted = {(one.word, Whom.of(one)): one for one in _by_words(duty, words)}
        there = {(one.word, Whom.of(one)): one for one in held[duty.pk]}
        new += [one for key, one in wanted.items() if key not in there]
        gone += [one.pk for key, one in there.items() if key not in wanted]
    Assignment.objects.filter(pk__in=gone).delete()
    Assignment.objects.bulk_create(new, batch_size=500)
    return len(new) + len(gone)


def _live(community: Community) -> Any:
    return Duty.objects.filter(community=community, ended_on=None)


def _mapped(community: Community) -> dict[str, OwnerWord]:
    return {row.word: row for row in OwnerWord.objects.filter(community=community)}


def _by_words(duty: Duty, words: dict[str, OwnerWord]) -> list[Assignment]:
    """The assignments that the duty's words give: several words that mean the same give one."""
    found: dict[Whom, Assignment] = {}
    for word in duty.owner_words:
        if (row := words.get(word)) is not None:
            whom = Whom.of(row)
            found.setdefault(whom, Assignment(duty=duty, word=word, **whom.fields()))
    return list(found.values())


def match_words(communities: Iterable[Community]) -> None:
    """After posts or bodies changed: words that now have a namesake are mapped, and their duties handed out."""
    for community in communities:
        if map_known_words(community):
            assign_by_words(community)
