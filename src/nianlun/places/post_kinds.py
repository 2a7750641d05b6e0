"""The kinds of post and what pages call them; apart from the models, so that declarations are read without them."""

from __future__ import annotations

from django.db.models import TextChoices


class PostKind(TextChoices):
    """What each may do stands in posts.yaml beside this room's policy."""

    SUBDISTRICT = "subdistrict", "街道科室"
    SECRETARY = "secretary", "社区书记"
    WORKER = "worker", "社区工作者"
    GRID_WORKER = "grid_worker", "网格员"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "管理员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
