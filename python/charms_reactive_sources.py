"""What the text of Python files says: their functions, and the calls in them, by Python's own ``ast``.

Started by ``src/insight/sources/python.ts`` with paths as words; prints one JSON list. Nothing of the files is run.
Words that are not literal are patterns: a part that only running the code could tell is ``*``.
"""

from __future__ import annotations

import ast
import json
import re
import sys

#: Methods that expand the name of the endpoint in their only word.
EXPANSIONS = ('expand_name', '_expand')


class Reader(ast.NodeVisitor):
    """Collects the functions and calls of one module."""

    def __init__(self):
        self.functions = []
        self.calls = []
        self.constants: dict[str, str] = {}
        self._inside: list[str] = []
        self._loops: list[dict[str, list[str]]] = []

    def read(self, text: str) -> dict:
        tree = ast.parse(text)
        self._constants(tree.body, [''])
        self.visit(tree)
        return {'functions': self.functions, 'calls': self.calls}

    def _constants(self, body: list[ast.stmt], prefixes: list[str]) -> None:
        """Names in a module, and in classes: ``Flags.ready``, and ``self.states.ready`` of a class in a class."""
        for statement in body:
            if isinstance(statement, ast.ClassDef):
                inner = ['%s%s.' % (prefix, statement.name) for prefix in prefixes]
                self._constants(statement.body, inner + ['self.'] if prefixes == [''] else inner)
            for prefix in prefixes:
                self._constant(statement, prefix)

    def _constant(self, statement: ast.stmt, prefix: str) -> None:
        """A name that is given one literal text."""
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            return
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            value = self._text(statement.value)
            name = prefix + target.id
            # A name with two values is none of them.
            self.constants[name] = '*' if name in self.constants else value

    def visit_FunctionDef(self, node) -> None:
        self.functions.append(
            {'name': node.name, 'line': node.lineno, 'column': node.col_offset + 1, 'end': node.end_lineno or node.lineno}
        )
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._inside.append(node.name)
        for child in [*node.args.defaults, *node.body]:
            self.visit(child)
        self._inside.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_For(self, node) -> None:
        """The variable of a loop over literal texts stands for each of them."""
        found = {}
        if isinstance(node.target, ast.Name) and isinstance(node.iter, (ast.List, ast.Tuple, ast.Set)):
            found[node.target.id] = [self._text(item) for item in node.iter.elts]
        self.visit(node.iter)
        self._loops.append(found)
        for child in [*node.body, *node.orelse]:
            self.visit(child)
        self._loops.pop()

    def visit_Call(self, node) -> None:
        name, owner = self._name(node.func)
        if name:
            call = {
                'name': name,
                'line': node.lineno,
                'column': node.col_offset + 1,
                'words': [word for arg in node.args for word in self._words(arg)],
                'options': {key.arg: self._words(key.value) for key in node.keywords if key.arg},
                'inside': self._inside[0] if self._inside else None,
            }
            if owner:
                call['owner'] = owner
            self.calls.append(call)
        self.generic_visit(node)

    def visit_Subscript(self, node) -> None:
        """``config()['port']``, as a call of ``config()[]``."""
        is_call = isinstance(node.value, ast.Call)
        name, owner = self._name(node.value.func if is_call else node.value)
        words = self._words(node.slice)
        if name and words and isinstance(node.ctx, ast.Load):
            self.calls.append(
                {
                    'name': name + ('()[]' if is_call else '[]'),
                    'line': node.lineno,
                    'column': node.col_offset + 1,
                    'words': words,
                    'options': {},
                    'inside': self._inside[0] if self._inside else None,
                    **({'owner': owner} if owner else {}),
                }
            )
        self.generic_visit(node)

    @staticmethod
    def _name(node: ast.expr) -> tuple[str, str]:
        if isinstance(node, ast.Name):
            return node.id, ''
        if isinstance(node, ast.Attribute):
            value = node.value
            owner = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ''
            return node.attr, owner
        return '', ''

    def _words(self, node: ast.expr) -> list[dict]:
        """The words that an argument stands for: those of a list, or of a loop's variable, are several."""
        if isinstance(node, ast.Starred):
            return self._words(node.value)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return [word for item in node.elts for word in self._words(item)]
        if isinstance(node, ast.Name):
            for loop in reversed(self._loops):
                if node.id in loop:
                    return [self._word(text, node) for text in loop[node.id]]
        if isinstance(node, ast.IfExp):
            return [self._word(word['text'], node) for part in (node.body, node.orelse) for word in self._words(part)]
        return [self._word(self._text(node), node)]

    @staticmethod
    def _word(text: str, node: ast.expr) -> dict:
        return {'text': text, 'literal': '*' not in text, 'line': node.lineno, 'column': node.col_offset + 1}

    def _text(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return str(node.value)
        if isinstance(node, ast.Name):
            return self.constants.get(node.id, '*')
        if isinstance(node, ast.Attribute):
            if node.attr in ('endpoint_name', 'relation_name'):
                return '{endpoint_name}'
            return self.constants.get(self._path(node), '*')
        if isinstance(node, ast.JoinedStr):
            return ''.join(
                self._text(part.value) if isinstance(part, ast.FormattedValue) else self._text(part)
                for part in node.values
            )
        if isinstance(node, ast.BinOp):
            left = self._text(node.left)
            if isinstance(node.op, ast.Add):
                return left + self._text(node.right)
            if isinstance(node.op, ast.Mod):
                return self._percent(left, node.right)
            return '*'
        if isinstance(node, ast.Call):
            return self._called(node)
        return '*'

    @staticmethod
    def _path(node: ast.expr) -> str:
        """``self.states.ready``; the value of a member of an enumeration is that of the name."""
        names = []
        while isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ''
        names.append('self' if node.id == 'cls' else node.id)
        if names[0] == 'value' and len(names) > 2:
            names = names[1:]
        return '.'.join(reversed(names))

    def _called(self, node: ast.Call) -> str:
        name, _ = self._name(node.func)
        if name in EXPANSIONS and len(node.args) == 1:
            text = self._text(node.args[0])
            # As `Endpoint.expand_name` does it.
            return text if '{' in text or '*' in text else 'endpoint.{endpoint_name}.' + text
        if name == 'format' and isinstance(node.func, ast.Attribute):
            return self._formatted(self._text(node.func.value), node)
        if name == 'str' and len(node.args) == 1:
            return self._text(node.args[0])
        return '*'

    def _formatted(self, text: str, node: ast.Call) -> str:
        values = [self._text(arg) for arg in node.args]
        named = {key.arg: self._text(key.value) for key in node.keywords if key.arg}
        count = iter(range(len(values)))

        def replace(found: re.Match) -> str:
            name = re.split(r'[.\[:!]', found[1])[0]
            if name == '':
                index = next(count, None)
                return '*' if index is None else values[index]
            if name.isdigit():
                return values[int(name)] if int(name) < len(values) else '*'
            return named.get(name, '*')

        return re.sub(r'\{([^{}]*)\}', replace, text)

    def _percent(self, text: str, node: ast.expr) -> str:
        items = node.elts if isinstance(node, ast.Tuple) else [node]
        values = iter([self._text(item) for item in items])
        return re.sub(r'%(\([^)]*\))?[-#0 +]*\d*(\.\d+)?[sdrifx]', lambda found: '*' if found[1] else next(values, '*'), text)


def read(path: str) -> dict:
    """What one file says; why it cannot be read, where it cannot."""
    try:
        with open(path, encoding='utf-8') as file:
            return Reader().read(file.read())
    except (OSError, SyntaxError, ValueError, RecursionError) as error:
        fault = '%s: %s' % (type(error).__name__, error)
        return {'functions': [], 'calls': [], 'fault': ' '.join(fault.split())}


if __name__ == '__main__':
    json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
