"""The page of all findings, in either language: every family, and every code with the page of its rule."""

from __future__ import annotations

import re

_WORDS = {
    "en": {
        "title": "Findings",
        "table": "| code | what | severity |",
        "intro": """\
Every code with its page, as `fujin explain CODE` prints it. A code never changes its meaning and is never used again.
An error makes `fujin validate` exit with 1, a warning only with `--strict`. The examples are laid over a tiny workspace
and run by the tests: each failing one has this finding, each passing one has no error. [中文](findings.zh-CN.md)""",
        "error": "error",
        "warning": "warning",
        "info": "info",
    },
    "zh": {
        "title": "问题",
        "table": "| 代码 | 问题 | 级别 |",
        "intro": """\
全部代码及其说明，与 `fujin explain CODE` 所示相同。代码的含义从不改变，也从不挪作他用。
有错误时 `fujin validate` 以 1 退出；警告只在加了 `--strict` 时才如此。
例子由测试放进一个很小的工作区实际运行：出错的例子必有该问题，正确的例子没有错误。
[English](findings.md)""",
        "error": "错误",
        "warning": "警告",
        "info": "提示",
    },
}
_FAMILIES = {
    "en": {
        "0": (
            "YAML and types",
            "The file itself: is it YAML, are its keys known, are its values what their keys ask for.",
        ),
        "1": ("References", "Names that stand for something elsewhere: is it there, and is it of the right kind."),
        "2": (
            "Organisation",
            "Committees, rosters and partners: is there somebody to do what the procedures say.",
        ),
        "3": (
            "Behaviour",
            "Every case that can happen, followed to its end: what is never reached, stuck or without an end.",
        ),
        "4": (
            "Guarantees",
            "What procedures promise, proved over every case that can happen: kept, or shown how it falls short.",
        ),
        "5": ("Privacy", "Where what a case carries can go: who is told it, and what a notice shows."),
        "6": (
            "Effect of a change",
            "What `fujin diff` says of two versions, derived from what the change does to runs and to cases.",
        ),
        "7": ("Ledger", "What `fujin ledger verify` and every reading command say of files under `data/ledger/`."),
        "8": (
            "Refusals",
            "What a command answers when it is understood and may not be done. Nothing is changed then.",
        ),
    },
    "zh": {
        "0": ("YAML 和类型", "文件本身：是不是 YAML，键认不认识，值是不是键所要的。"),
        "1": ("引用", "指向别处的名称：有没有那样东西，种类对不对。"),
        "2": ("组织", "专委会、花名册和共建单位：闭合程序写的事，有没有人来办。"),
        "3": ("流程走向", "把可能出现的事项一一走到头：哪里到不了，哪里卡住，哪里没有尽头。"),
        "4": ("闭环承诺", "闭合程序的承诺，对可能出现的一切事项逐一证明：守得住，还是怎样守不住。"),
        "5": ("隐私", "事项所载的内容会传到哪里：告知了谁，公示里展示什么。"),
        "6": ("改动的影响", "`fujin diff` 对两个版本的结论：从这次改动对办理过程和未办结事项的影响得出。"),
        "7": ("民情台账", "`fujin ledger verify` 和各条读取命令对 `data/ledger/` 下文件的判断。"),
        "8": ("拒绝", "命令看得懂、但不能办时的回答。这时什么都没有改动。"),
    },
}


def findings_page(language: str, note: str) -> str:
    """Every code with its page; ``note`` says where the page comes from."""
    from fujin_cli.rules import registry
    from fujin_cli.rules.explain import page_in

    words = _WORDS[language]
    pages = {code: (page_in(language, code) or "").strip() for code in registry.codes()}
    severity = {code: words[registry.severity_of(code)] for code in pages}
    parts = [note, f"# {words['title']}", words["intro"]]
    for family, (title, intro) in _FAMILIES[language].items():
        mine = [code for code in pages if code[2] == family]
        parts += [
            f"## {title}",
            intro,
            f"{words['table']}\n|---|---|---|\n"
            + "\n".join(
                f"| [{code}](#{_anchor(pages[code])}) | {_title(pages[code])} | {severity[code]} |" for code in mine
            ),
        ]
        parts += [_shown(pages[code]) for code in mine]
    return "\n\n".join(parts) + "\n"


def _title(page: str) -> str:
    return page.splitlines()[0].partition(" · ")[2]


def _anchor(page: str) -> str:
    """The anchor that Markdown gives to the page's heading."""
    return re.sub(r"[^\w\- ]", "", page.splitlines()[0].removeprefix("# ").lower()).replace(" ", "-")


def _shown(page: str) -> str:
    """A rule's page as a part of the page of all: the examples' paths as comments in them."""
    page = re.sub(r"^```yaml (?:fail|pass) (\S+)$", r"```yaml\n# workflows/\1", page, flags=re.MULTILINE)
    return "###" + re.sub(r"^```yaml (?:fail|pass)$", "```yaml", page, flags=re.MULTILINE).removeprefix("#")
