"""The tests' own database is what production's is: PostgreSQL 15 or later that knows Chinese letters."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_tells_chinese_letters_from_signs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT '年' ~ '[[:alpha:]]', current_setting('server_version_num')::int >= 150000")
        assert cursor.fetchone() == (True, True)
