"""Writes what the real Jinja2 makes of each case into jinja2-cases.json.

    python3 jinja2-cases.py           fill in the expectations, after a case was added or changed
    python3 jinja2-cases.py --check   only compare: exit 1 and name the cases that differ

The environment is that of charmhelpers' render(): Environment(loader=FileSystemLoader(...)).
A case has a name, the text of the template, a context (an object `{"__float__": "1.0"}` is a float) and
perhaps other templates (`files`). It gets `expected`, or `error: true` where Jinja2 raises.
`undefined: "empty"` marks cases that need Jinja2's default of printing nothing for what is undefined.
"""

import json
import sys
import tempfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

TABLE = Path(__file__).with_name("jinja2-cases.json")
WIDTH = 110


def revive(value):
    return float(value["__float__"]) if "__float__" in value else value


def render(case):
    context = json.loads(json.dumps(case["context"]), object_hook=revive)
    with tempfile.TemporaryDirectory() as directory:
        for name, text in {**case.get("files", {}), "case.j2": case["template"]}.items():
            path = Path(directory, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        try:
            template = Environment(loader=FileSystemLoader(directory)).get_template("case.j2")
            return {"expected": template.render(context)}
        except Exception:
            return {"error": True}


def layout(value, indent, prefix):
    """JSON as the formatter of this repository lays it out."""
    margin = " " * (indent + 2)
    flat = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict) and value:
        members = [
            f"{margin}{json.dumps(key, ensure_ascii=False)}: "
            + layout(item, indent + 2, len(margin) + len(json.dumps(key, ensure_ascii=False)) + 2)
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(members) + "\n" + " " * indent + "}"
    nested = isinstance(value, list) and any(isinstance(item, dict) and item for item in value)
    if isinstance(value, list) and value and (nested or prefix + len(flat) + 1 > WIDTH):
        items = [margin + layout(item, indent + 2, len(margin)) for item in value]
        return "[\n" + ",\n".join(items) + "\n" + " " * indent + "]"
    return flat


def main():
    cases = json.loads(TABLE.read_text(encoding="utf-8"))
    keep = ("name", "template", "files", "context", "undefined")
    fresh = [{**{key: case[key] for key in keep if key in case}, **render(case)} for case in cases]
    if "--check" in sys.argv:
        different = [case["name"] for case, now in zip(cases, fresh) if case != now]
        print("\n".join(different))
        return 1 if different else 0
    TABLE.write_text(layout(fresh, 0, 0) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
