"""Invented names."""

from __future__ import annotations

from random import Random
from typing import Literal

SURNAMES = "王李张刘陈杨赵武郭任高孙马梁宋韩冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常乔贺赖龚文樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛申柴"
MALE = "建国建军卫东志强永红春生保国海军文明建华志刚国强新民永胜晓东宏伟立新俊峰东升爱民福生根生长青铁柱玉田"
FEMALE = (
    "秀英桂兰玉梅淑珍凤英秀兰春花丽华改花爱花玉兰巧珍建芳丽娟晓红艳萍慧芳彩霞美玲红霞变花素梅翠莲"
)


def full_name(dice: Random, sex: Literal["male", "female"] | None = None) -> str:
    """Make up a surname and a given name."""
    sex = sex or dice.choice(("male", "female"))
    given = MALE if sex == "male" else FEMALE
    at = dice.randrange(len(given) // 2) * 2
    name = given[at : at + 2]
    return dice.choice(SURNAMES) + (name if dice.random() < 0.9 else name[0])
