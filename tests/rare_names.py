"""Names that systems lose: rare characters, middle dots, fifty characters, mixed scripts, markup.

`SHOWN` can be drawn with Debian's Noto CJK, HanaMin and DejaVu fonts; `NOT_DRAWN` are kept byte for
byte all the same, but lie beyond what these fonts have.
"""

EXTENSION_A = ["赵㛃", "㐂㐆", "䶮龍", "䴉小明"]
EXTENSION_B = ["𠮷生", "𡈽屋", "王𠀀", "𪚥四", "陈𠅤", "𣲗林", "𤭢𥻗", "𦍋𧒽", "𨋢𨭎", "𩸽𪗋", "𣗋"]
EXTENSION_C = ["李𪜀", "𪩘山", "𫍯𫍲"]
EXTENSION_D = ["𫝆𫝑", "周𫞩", "𫟒𫟷"]
EXTENSION_E = ["𫠠", "赵𬭚", "𬭊𬭶", "𬬻𬬭", "𬱖𬇕"]
EXTENSION_F = ["𬺰", "吴𮌔", "𭀖𮮇"]
COMPATIBILITY = ["凞", "﨑", "神", "令令"]
MIDDLE_DOTS = [
    "娜仁·其木格",
    "阿卜杜热合曼·阿卜杜克力木·买买提",
    "买买提·吐尔逊",
    "扎西•多吉",
    "尼玛・次仁",
    "才旦‧卓玛",
    "·",
]
LENGTH = ["名" * 50, "𠮷" * 50, "阿" + "·" * 48 + "木", "欧阳长孙" * 12 + "尾", "A" * 50]
MIXED = [
    "Ａli２",
    "O'Brien",
    "王·John",
    "Müller-Lüdenscheidt",
    "Żółć Ęąśź",
    "Ñandú",
    "Đặng Thị",
    "Иван Петров",
    "김철수",
    "さくら山田",
    "カタカナ",
    "Αλέξανδρος",
    "欧阳 建国",
    "李　四",
    "1号",
    "é",
    "é",
]
MARKUP = [
    '张"三"',
    "王,小二",
    "李=四",
    "<b>陈</b>",
    "赵&钱",
    "孙;DROP",
    "周\\n",
    "%(name)s",
    "{{ name }}",
    "吴|郑",
    "冯/蒋",
    "郑#1",
]
SHOWN = [
    *EXTENSION_A, *EXTENSION_B, *EXTENSION_C, *EXTENSION_D, *EXTENSION_E, *EXTENSION_F,
    *COMPATIBILITY, *MIDDLE_DOTS, *LENGTH, *MIXED, *MARKUP,
]  # fmt: skip
EXTENSION_G, EXTENSION_H, PRIVATE = ["𰀀", "𰻝𰃮"], ["𱍐", "李𲎯"], ["陈\ue000"]
NOT_DRAWN = [*EXTENSION_G, *EXTENSION_H]
NAMES = [*SHOWN, *NOT_DRAWN]
