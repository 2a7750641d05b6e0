"""What a browser says of itself, in words by which people know their devices again."""

from __future__ import annotations

# What the header holds -> how it is called; the first that fits counts, so those that pose as others stand first.
BROWSERS: dict[str, str] = {
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "QQBrowser": "QQ 浏览器",
    "360SE": "360 浏览器",
    "360EE": "360 浏览器",
    "UBrowser": "UC 浏览器",
    "UCBrowser": "UC 浏览器",
    "HuaweiBrowser": "华为浏览器",
    "MiuiBrowser": "小米浏览器",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS: dict[str, str] = {
    "HarmonyOS": "鸿蒙",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "UOS": "统信 UOS",
    "Kylin": "麒麟",
    "Linux": "Linux",
}


def device_said(user_agent: str) -> str:
    """`Chrome · Windows`; a part that is not known is left out, nothing known is 未知设备."""
    parts = [next((name for mark, name in table.items() if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(part for part in parts if part) or "未知设备"
