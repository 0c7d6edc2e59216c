"""Chinese names: surnames by their frequency, given names by sex and age, names of minorities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常单解仇查"
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
COMPOUND_SHARE = 0.002
MEN_OLD = "国建文明德福贵富根生树山林海龙发财宝有大金银铁柱石春长庆永志忠孝义仁光荣华成兴旺"
MEN_YOUNG = "伟强磊军勇杰涛超鹏辉斌浩宇轩泽俊凯晨阳子博文天航睿嘉豪瑞翔"
WOMEN_OLD = "秀英桂兰玉珍凤霞翠花香莲素琴淑芬菊梅月娥金春荣美彩云芳桃芝巧"
WOMEN_YOUNG = "丽娟敏静艳娜燕玲婷雪倩颖琳欣怡梓涵诗雨佳思可馨悦萱语晴晓"
YOUNG_AGE = 40
ONE_CHARACTER_SHARE = 0.25

MONGOL = ("巴特尔", "娜仁", "其木格", "斯琴", "乌兰", "苏和", "图雅", "布和", "萨仁", "哈斯")
TIBETAN = ("扎西", "达娃", "次仁", "卓玛", "尼玛", "格桑", "丹增", "央金", "洛桑", "白玛")
UYGHUR = ("阿卜杜拉", "买买提", "古丽", "热依汗", "艾山", "吐尔逊", "帕提古丽", "依明", "阿依夏")
HAN = "01"
POLYNYMS = {"02": MONGOL, "04": TIBETAN, "05": UYGHUR}
"""Ethnicities (GB/T 3304) whose names have no Chinese surname, with their names."""

MINORITIES = ("02", "03", "04", "05", "06", "07", "08", "09", "12", "15")
MINORITY_WEIGHTS = (0.06, 0.12, 0.08, 0.06, 0.2, 0.14, 0.14, 0.06, 0.06, 0.08)


@dataclass(frozen=True)
class Draws:
    """Random numbers in [0, 1) of each person, from which the names follow."""

    first: list[float]
    second: list[float]
    length: list[float]


def surnames(random: np.random.Generator, count: int) -> list[str]:
    """Surnames with the frequencies of a long tail; a few have two characters."""
    weights = 1 / (np.arange(len(SURNAMES)) + 8.0)
    drawn = random.choice(len(SURNAMES), count, p=weights / weights.sum())
    compound = random.random(count) < COMPOUND_SHARE
    return [
        COMPOUND_SURNAMES[place % len(COMPOUND_SURNAMES)] if rare else SURNAMES[place]
        for place, rare in zip(drawn.tolist(), compound.tolist(), strict=True)
    ]


def draws(random: np.random.Generator, count: int) -> Draws:
    """The random numbers of `count` persons' names."""
    return Draws(*(random.random(count).tolist() for _ in range(3)))


def name_of(surname: str, ethnicity: str, male: bool, age: int, drawn: Sequence[float]) -> str:  # noqa: FBT001 - a fact, no switch
    """One person's name; `drawn` are the three random numbers."""
    first, second, length = drawn
    if ethnicity in POLYNYMS:
        pool = POLYNYMS[ethnicity]
        own, other = pool[int(first * len(pool))], pool[int(second * len(pool))]
        return own + ("·" if ethnicity != "04" or length < 0.3 else "") + other
    if male:
        given = MEN_YOUNG if age < YOUNG_AGE else MEN_OLD
    else:
        given = WOMEN_YOUNG if age < YOUNG_AGE else WOMEN_OLD
    name = surname + given[int(first * len(given))]
    return name if length < ONE_CHARACTER_SHARE else name + given[int(second * len(given))]
