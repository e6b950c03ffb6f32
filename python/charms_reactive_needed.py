"""Which modules Python files import, and how surely, by Python's own ``ast``: for ``pack``.

Started by ``src/building/imports.ts`` with paths as words; prints one JSON object. Nothing of the files is run. An import
is certain if importing the file always gets to it: at the top level, before anything that may install or find modules.
One whose failure the file catches is left out.
"""

from __future__ import annotations

import ast
import json
import sys

IMPORT_ERRORS = ('ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException')

#: What earlier Pythons had, for units with one.
FORMER = """
asynchat asyncore binhex distutils imp smtpd formatter parser symbol macpath aifc audioop cgi cgitb chunk crypt imghdr
mailcap nis nntplib ossaudiodev pipes sndhdr spwd sunau telnetlib uu xdrlib lib2to3
""".split()


class Reader:
    """Collects the imports of one module."""

    def __init__(self):
        self.imports = []

    def read(self, statements, certain: bool) -> bool:
        """Read statements in their order; whether those behind them are as certain."""
        for statement in statements:
            certain = self._statement(statement, certain)
        return certain

    def _statement(self, statement: ast.stmt, certain: bool) -> bool:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                self._add(statement, certain, alias.name, [])
        elif isinstance(statement, ast.ImportFrom):
            module = '.' * statement.level + (statement.module or '')
            self._add(statement, certain, module, [alias.name for alias in statement.names])
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.read(statement.body, False)
        elif isinstance(statement, ast.ClassDef):
            return self.read(statement.body, certain)
        elif isinstance(statement, ast.Try):
            return self._try(statement, certain)
        elif isinstance(statement, ast.If) and _is_for_types(statement.test):
            return self.read(statement.orelse, certain)
        elif isinstance(statement, ast.Expr):
            return certain and isinstance(statement.value, ast.Constant)
        elif not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Pass)):
            for block in ('body', 'orelse'):
                self.read(getattr(statement, block, []), False)
            return False
        return certain

    def _try(self, statement: ast.Try, certain: bool) -> bool:
        is_caught = any(_catches(handler.type) for handler in statement.handlers)
        after = (Reader() if is_caught else self).read(statement.body, certain)
        for handler in statement.handlers:
            # What a handler imports is there, or is tried in place of what is not.
            after = Reader().read(handler.body, certain) and after
        self.read(statement.orelse, after and not is_caught)
        return self.read(statement.finalbody, after and not statement.orelse)

    def _add(self, node: ast.stmt, certain: bool, module: str, names: list) -> None:
        place = {'line': node.lineno, 'column': node.col_offset + 1}
        self.imports.append({'module': module, 'names': names, 'certain': certain, **place})


def _catches(node) -> bool:
    if node is None:
        return True
    nodes = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(one, ast.Name) and one.id in IMPORT_ERRORS for one in nodes)


def _is_for_types(test: ast.expr) -> bool:
    return getattr(test, 'id', getattr(test, 'attr', '')) == 'TYPE_CHECKING'


def read(path: str) -> dict:
    """What one file imports; nothing of one that is no Python, which its import tells better."""
    reader = Reader()
    try:
        with open(path, 'rb') as file:
            is_plain = reader.read(ast.parse(file.read()).body, True)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return {'imports': [], 'isPlain': True}
    return {'imports': reader.imports, 'isPlain': is_plain}


if __name__ == '__main__':
    own = sorted({*sys.stdlib_module_names, *FORMER})
    json.dump({'standard': own, 'files': [read(path) for path in sys.argv[1:]]}, sys.stdout)
