"""Which items a schedule governs: its own, those of its sentence, those of its stage."""

from __future__ import annotations

from nianlun.plans.reading.schedule import Every, Named, OnDate, Point, Schedule, Window
from nianlun.plans.reading.timing import assign_timings, find_schedules

SUMMER_QUARTER = Window(Point(7), Point(9))


def governed(text: str, *items: str) -> list[list[Schedule]]:
    spans = [(text.index(item), text.index(item) + len(item)) for item in items]
    return [[timing.schedule for timing in timings] for timings in assign_timings(text, spans)]


def test_a_date_at_the_head_of_a_sentence_holds_for_all_it_lists() -> None:
    text = "7月至9月，开展电动车整治，组织消防演练。走访商户。"
    assert governed(text, "开展电动车整治", "组织消防演练", "走访商户") == [[SUMMER_QUARTER], [SUMMER_QUARTER], []]


def test_it_holds_also_where_the_first_item_begins_with_it() -> None:
    text = "7月至9月，开展电动车整治，组织消防演练。"
    assert governed(text, "7月至9月，开展电动车整治", "组织消防演练") == [[SUMMER_QUARTER], [SUMMER_QUARTER]]


def test_the_next_date_takes_over() -> None:
    text = "3月，清理楼道；5月，疏通下水管；更换井盖。"
    march, may = OnDate(Point(3)), OnDate(Point(5))
    assert governed(text, "清理楼道", "疏通下水管", "更换井盖") == [[march], [may], [may]]


def test_a_frequency_holds_for_its_own_item_only() -> None:
    text = "每月召开例会，走访困难户。"
    assert governed(text, "每月召开例会", "走访困难户") == [[Every("month")], []]


def test_a_frequency_that_trails_belongs_to_what_it_follows() -> None:
    text = "组织社工轮训，每季度一次。建立题库。"
    assert governed(text, "组织社工轮训", "建立题库") == [[Every("quarter")], []]


def test_a_term_holds_for_what_its_parentheses_tell() -> None:
    text = "每季一展（展出老人书画，邀请居民评点）、评选银龄之星。"
    assert governed(text, "每季一展（展出老人书画", "邀请居民评点", "评选银龄之星") == [
        [Every("quarter")], [Every("quarter")], [],
    ]  # fmt: skip


def test_a_stage_in_a_heading_holds_for_its_points() -> None:
    text = "（一）第三季度\n1.清理楼道杂物。\n2.于8月检修路灯。\n（二）日常工作\n1.接待来访居民。\n"
    assert governed(text, "清理楼道杂物", "于8月检修路灯", "接待来访居民") == [
        [SUMMER_QUARTER], [OnDate(Point(8))], [],
    ]  # fmt: skip


def test_a_month_as_a_heading_holds_to_the_next_month() -> None:
    text = "一月份：\n1、部署全年任务\n2、慰问老人\n二月份：\n1、检查烟花点\n"
    january, february = OnDate(Point(1)), OnDate(Point(2))
    assert governed(text, "部署全年任务", "慰问老人", "检查烟花点") == [[january], [january], [february]]


def test_a_bare_count_is_a_year_unless_another_schedule_stands_beside_it() -> None:
    assert governed("举办两次趣味比赛", "举办两次趣味比赛") == [[Every("year", times=2)]]
    assert governed("重阳节举办两次趣味比赛", "重阳节举办两次趣味比赛") == [[Named("重阳节")]]


def test_one_schedule_of_each_normal_form() -> None:
    text = "每月组织清扫，每月评比一次"
    assert governed(text, text) == [[Every("month")]]


def test_the_years_that_a_plan_names_are_measured_against_its_own() -> None:
    text = "2027年工作计划\n2027年4月植树；2028年1月完成总结；2021年3月出台的办法继续执行。"
    found = [schedule for one in find_schedules(text) for schedule in one.schedules]
    assert found == [OnDate(Point(4)), OnDate(Point(1, next_year=True))]


def test_next_year_is_the_plans_own_where_it_is_written_the_year_before() -> None:
    text = "2026年工作总结及明年工作计划\n明年5月举办邻里节。"
    assert [one.schedules for one in find_schedules(text)] == [(OnDate(Point(5)),)]


def test_places_are_those_of_the_text_as_written() -> None:
    text = "　每 逢“重 阳 节”慰问老人，每月１０日 前走访"
    (timings,) = assign_timings(text, [(0, len(text))])
    assert [text[t.start : t.end] for t in timings] == ["重 阳 节", "每月１０日 前"]


def test_a_time_in_another_cell_of_the_row_is_the_rows_own() -> None:
    text = "更换门禁卡\t4月\t物业\n清点库房\t每季度一次\t后勤\n"
    assert governed(text, "更换门禁卡", "清点库房") == [[OnDate(Point(4))], [Every("quarter")]]


def test_a_label_ties_a_time_to_the_item_before_it_or_to_the_fields_behind_it() -> None:
    assert governed("改造非机动车棚。时间：5月。", "改造非机动车棚") == [[OnDate(Point(5))]]
    text = "走访商户。时间：5月。内容：开展垃圾分类擂台赛。"
    assert governed(text, "走访商户", "开展垃圾分类擂台赛") == [[], [OnDate(Point(5))]]


def test_what_was_done_already_is_scheduled_for_nothing() -> None:
    text = "2027年工作计划\n2026年每月开展义诊。在去年基础上每季度组织义剪。"
    assert governed(text, "每月开展义诊", "每季度组织义剪") == [[], [Every("quarter")]]
