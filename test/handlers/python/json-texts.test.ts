import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const PACKAGE = path.resolve(import.meta.dirname, '../../../python')

/** What a program of Python prints that can import the package's `_json_texts`. */
function python(text: string): string {
  const program = `import json, sys\nsys.path.insert(0, 'charms/reactive')\nimport _json_texts\n${text}`
  return execFileSync('python3', ['-S', '-c', program], { cwd: PACKAGE, encoding: 'utf8' }).trim()
}

const VALUES = `[None, True, -0.5, 1e300, 2**70, '', 'é\\ud800\\n"\\x00', [], {}, {'a': [1, {'b': None}], 2: 'int', None: 0}]`
const REFUSED = `[float('nan'), float('inf'), {1}, b'x', {(1,): 2}, [object()]]`

describe('JSON texts for the engine', () => {
  it('are those of the standard library', () => {
    expect(
      python(`
values = ${VALUES}
assert [_json_texts.encode(value) for value in values] == [json.dumps(value, allow_nan=False) for value in values]
texts = [json.dumps(value) for value in values] + ['[NaN, -Infinity]', ' {"a" : 1} ']
assert [repr(_json_texts.decode(text.strip())) for text in texts] == [repr(json.loads(text)) for text in texts]
print('same')`),
    ).toBe('same')
  })

  it('refuse what the standard library refuses, with the same words, and a value that holds itself', () => {
    expect(
      python(`
def said(encode, value):
    try:
        return encode(value)
    except (TypeError, ValueError) as error:
        return type(error).__name__, str(error)
loop = []
loop.append(loop)
plain = json.JSONEncoder(allow_nan=False).encode
for value in [*${REFUSED}, loop]:
    assert said(_json_texts.encode, value) == said(plain, value) != '', said(_json_texts.encode, value)
    assert not isinstance(said(plain, value), str)
# Nothing is remembered of what was refused.
assert _json_texts.encode([loop[:0]]) == '[[]]'
print('same')`),
    ).toBe('same')
  })

  it('are made without what takes long to load', () => {
    const loaded = `print([name for name in ('json', 're') if name in sys.modules])`
    const program = `import sys\nsys.path.insert(0, 'charms/reactive')\nimport _json_texts\n${loaded}`
    expect(execFileSync('python3', ['-S', '-c', program], { cwd: PACKAGE, encoding: 'utf8' }).trim()).toBe(
      '[]',
    )
  })

  it('are the same where a Python has its parts in C elsewhere', () => {
    expect(
      python(`
encode, decode = _json_texts._in_python()
assert [encode(value) for value in ${VALUES}] == [_json_texts.encode(value) for value in ${VALUES}]
print(decode('[1]'))`),
    ).toBe('[1]')
  })
})
