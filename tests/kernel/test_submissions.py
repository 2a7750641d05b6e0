"""What is sent twice is done once, also where both come at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from nianlun.kernel.clock import frozen, now
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import Submission
from nianlun.kernel.submissions import KEPT, SentOtherwise, forget_old, once


class Counted:
    """An act that tells how often it was done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> str:
        self.done += 1
        return f"/{self.done}/"


@pytest.mark.django_db
def test_the_second_gets_the_answer_of_the_first() -> None:
    act, key, user = Counted(), uuid7(), uuid7()
    answers = [once(key, user_id=user, content="a", act=act) for _ in range(3)]
    assert answers == ["/1/"] * 3 and act.done == 1


@pytest.mark.django_db
def test_the_key_of_one_is_not_the_key_of_another() -> None:
    act, key = Counted(), uuid7()
    assert [once(key, user_id=uuid7(), content="a", act=act) for _ in range(2)] == ["/1/", "/2/"]


@pytest.mark.django_db
def test_a_key_with_other_content_is_refused() -> None:
    act, key, user = Counted(), uuid7(), uuid7()
    once(key, user_id=user, content="a", act=act)
    with pytest.raises(SentOtherwise):
        once(key, user_id=user, content="b", act=act)
    assert act.done == 1


@pytest.mark.django_db
def test_a_failed_act_can_be_sent_again_with_the_same_key() -> None:
    act, key, user = Counted(), uuid7(), uuid7()

    def fails() -> str:
        raise ValueError

    with pytest.raises(ValueError), transaction.atomic():
        once(key, user_id=user, content="a", act=fails)
    assert once(key, user_id=user, content="b", act=act) == "/1/"


@pytest.mark.django_db
def test_the_content_is_kept_as_a_keyed_digest_only() -> None:
    once(uuid7(), user_id=uuid7(), content="phone=13812345678", act=Counted())
    kept = Submission.objects.get()
    assert len(kept.content) == 32 and b"138" not in bytes(kept.content)


@pytest.mark.django_db
def test_old_keys_are_forgotten() -> None:
    for days in (0, 6, 8):
        with frozen(now() - timedelta(days=days)):
            once(uuid7(), user_id=uuid7(), content="a", act=Counted())
    assert forget_old() == 1 and Submission.objects.filter(at__gt=now() - KEPT).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first_fails", [False, True])
def test_of_two_at_once_the_second_waits(first_fails: bool) -> None:
    key, user = uuid7(), uuid7()
    begun, may_end = threading.Event(), threading.Event()
    act = Counted()
    answers: list[str] = []

    def slow() -> str:
        begun.set()
        assert may_end.wait(10)
        if first_fails:
            raise ValueError
        return act()

    def send(how: object) -> None:
        try:
            answers.append(once(key, user_id=user, content="a", act=how))  # type: ignore[arg-type]
        except ValueError:
            answers.append("failed")
        finally:
            connection.close()

    first = threading.Thread(target=send, args=(slow,))
    first.start()
    assert begun.wait(10)
    second = threading.Thread(target=send, args=(act,))
    second.start()
    second.join(0.5)
    assert second.is_alive() and answers == []
    may_end.set()
    first.join(10)
    second.join(10)
    assert answers == (["failed", "/1/"] if first_fails else ["/1/", "/1/"]) and act.done == 1
