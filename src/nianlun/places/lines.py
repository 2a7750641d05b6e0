"""The lines of work (条线): the fields that departments above lead, and how pages call them."""

LINE_TITLES: dict[str, str] = {
    "party": "党建",
    "governance": "居民自治",
    "grid": "网格化管理",
    "welfare": "民政救助",
    "elderly": "养老服务",
    "employment": "就业社保",
    "health": "卫生健康",
    "safety": "安全应急",
    "security": "平安综治",
    "law": "法治",
    "environment": "环境",
    "culture": "文化文明",
    "education": "社区教育",
    "women": "妇女儿童",
    "union": "工会",
    "volunteer": "志愿与社会组织",
    "property": "物业",
    "workforce": "社工队伍",
    "economy": "经济与项目",
    "finance": "财务",
}
