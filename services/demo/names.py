"""Invented names."""

from __future__ import annotations

from random import Random
from typing import Literal

SURNAMES = (
    "王李张刘陈杨赵武郭任高孙马梁宋韩冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常乔贺赖龚文樊兰殷施陶洪翟安颜倪严牛温芦"
    "季俞章鲁葛申柴"
)
GIVEN = {
    "male": (
        "建国", "建军", "卫东", "志强", "永红", "春生", "保国", "海军", "文明", "建华", "志刚",
        "国强", "新民", "永胜", "晓东", "宏伟", "立新", "俊峰", "东升", "爱民", "福生", "根生",
        "玉田", "强", "勇", "军", "斌",
    ),
    "female": (
        "秀英", "桂兰", "玉梅", "淑珍", "凤英", "秀兰", "春花", "丽华", "改花", "爱花", "玉兰",
        "巧珍", "建芳", "丽娟", "晓红", "艳萍", "慧芳", "彩霞", "美玲", "红霞", "素梅", "翠莲",
        "变花", "丽", "敏", "静", "燕",
    ),
}  # fmt: skip


def full_name(dice: Random, sex: Literal["male", "female"] | None = None) -> str:
    """Make up a surname and a given name."""
    given = GIVEN[sex or dice.choice(("male", "female"))]
    return dice.choice(SURNAMES) + dice.choice(given)
