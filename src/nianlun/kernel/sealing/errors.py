"""What can go wrong with keys and sealed values, for the page in Chinese and for the console in English."""

from __future__ import annotations

from nianlun.kernel.errors import UserError


class KeyRingError(UserError):
    """The keys as a whole cannot be used; `console` tells the administrator why and what to do."""

    status = 503

    def __init__(self, console: str) -> None:
        super().__init__(
            "服务器上的数据密钥不能用，证件号码、电话等内容暂时无法保存或查看。请系统管理员检查密钥文件 data_keys。",
            code="keys",
        )
        self.console = console


class KeyLost(UserError):
    """The value was sealed with a key that is not in the ring: without that key it can never be opened."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"加密这项内容的密钥（编号 {key_id}）不在服务器上，无法解密。"
            "请系统管理员放回另存的密钥文件 data_keys；没有另存就再也打不开了。",
            code="key_lost",
        )
        self.key_id = key_id


class SealBroken(UserError):
    """The value is not what was once sealed: it was changed, cut short, or never sealed."""

    def __init__(self) -> None:
        super().__init__("这项加密内容已损坏，无法解密。请重新填写，或请系统管理员从备份恢复。", code="seal_broken")
