"""Random trees, written as YAML in random styles with random comments."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from fujin_cli.store.yaml.read import read_yaml

WORDS = ("a", "steps", "by", "title", "办理", "yes", "12", "x-y", "with space", "it's", 'say "so"', "a: b", "# no", "-")
texts = st.one_of(
    st.sampled_from(WORDS),
    st.text(alphabet="ab办 :#-?[]{},'\"\\&*!|>%@`\n\t0.~", max_size=12),
    st.sampled_from(["long words that go on " * 6 + "end", "没有空格的长句" * 12]),
)
keys = st.one_of(st.sampled_from(WORDS), st.text(alphabet="abc-_ 办0", min_size=1, max_size=5)).filter(
    lambda key: key not in ("<<", "")
)
trees = st.dictionaries(
    keys,
    st.recursive(
        texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def documents(draw: st.DrawFn, root: st.SearchStrategy[Any] = trees) -> tuple[str, Any]:
    """A file and its tree: block and flow style, quotes or none, comments and blank lines between and behind lines."""
    tree = draw(root)
    lines = _lines(draw, tree, 0)
    if read_yaml("\n".join(lines).encode(), "a.yaml").tree != tree:  # a style that does not fit this text
        lines = (
            json.dumps(tree, ensure_ascii=False, indent=draw(st.sampled_from([1, 2]))).replace("\t", "\\t").split("\n")
        )
    for number in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(lines)))
        comment = f"# {'fujin: ignore[FJ210] why' if draw(st.booleans()) else f'remark {number}'}"
        if at < len(lines) and draw(st.booleans()):
            tried = [*lines[:at], f"{lines[at]}{draw(st.sampled_from([' ', '      ']))}{comment}", *lines[at + 1 :]]
        else:
            above = draw(st.sampled_from(["", " " * draw(st.integers(0, 6)) + comment]))
            tried = [*lines[:at], above, *lines[at:]]
        again = read_yaml("\n".join(tried).encode(), "a.yaml")
        if again.tree == tree and not again.findings:
            lines = tried
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"])), tree


def _lines(draw: st.DrawFn, tree: Any, level: int) -> list[str]:
    """The tree in block style."""
    step = draw(st.integers(2, 4))
    pairs = (
        [(f"{_text(draw, key)}:", value) for key, value in tree.items()]
        if isinstance(tree, dict)
        else [("-", item) for item in tree]
    )
    lines: list[str] = []
    for head, value in pairs:
        style = draw(st.sampled_from(["block", "flow", "flow", "literal"]))
        if isinstance(value, str) and style == "literal" and value.strip() and "\t" not in value:
            lines += [f"{head} |{'2' if value.strip(chr(10)).startswith(' ') else ''}-"]
            lines += [f"  {line}" if line else "" for line in value.split("\n")]
        elif isinstance(value, str):
            lines.append(f"{head} {_text(draw, value)}")
        elif not value or style != "block":
            lines.append(f"{head} {json.dumps(value, ensure_ascii=False)}")
        else:
            inner = _lines(draw, value, level + 1)
            compact = head == "-" and draw(st.booleans())
            pad = " " * (2 if compact else step)
            inner = [pad + line if line else "" for line in inner]
            lines += [f"- {inner[0][2:]}", *inner[1:]] if compact else [head, *inner]
    return lines


def _text(draw: st.DrawFn, text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False).replace("\t", "\\t")
    return draw(st.sampled_from([quoted, text or quoted, "'" + text.replace("'", "''") + "'"]))
