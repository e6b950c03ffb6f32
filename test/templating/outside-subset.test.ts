// Outside the common subset: the templates that Jinja2 renders in another way, each with the reason.
// `jinja2` is what the installed Jinja2 says ("error" where it raises), `here` what renderTemplate does.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderTemplate } from '../../src/templating/render.ts'

interface Difference {
  reason: string
  template: string
  jinja2: string
  here: string
}

const OUTSIDE_THE_COMMON_SUBSET: Difference[] = [
  {
    reason: 'An address in memory is of no use in a file, so a generator has no text.',
    template: "{{ [1]|map('string') }}",
    jinja2: '<generator object sync_do_map at 0x...>',
    here: 'error: has no text, add |list: map',
  },
  {
    reason: 'The same for functions and macros.',
    template: '{{ "a".upper }}',
    jinja2: '<built-in method upper of str object at 0x...>',
    here: 'error: has no text: builtin_function_or_method',
  },
  {
    reason: 'Jinja2 hides a variable of the context from inner scopes before a `set` of the same name.',
    template: '{% for x in [1] %}{{ s }}{% endfor %}{% set s = 2 %}{{ s }}',
    jinja2: '2',
    here: 'context2',
  },
  {
    reason: 'A child prints nothing outside of its blocks; Jinja2 lets some tags print before the parent.',
    template: "{% extends 'base.j2' %}{% include 'inc.j2' %}",
    jinja2: 'included<base>',
    here: '<base>',
  },
  {
    reason: 'Jinja2 computes constants when it compiles, where a slice of a number is undefined.',
    template: '[{{ 10[1:] }}]',
    jinja2: '[]',
    here: 'error: cannot be sliced: int',
  },
  {
    reason: 'Escaped text is plain text after most operations, so it prints as such inside of a list.',
    template: "{{ [(s|e).split(',')] }}",
    jinja2: "[[Markup('context')]]",
    here: "[['context']]",
  },
  {
    reason: 'There are no complex numbers.',
    template: '{{ (0 - 8) ** 0.5 }}',
    jinja2: '(1.7319121124709868e-16+2.8284271247461903j)',
    here: 'error: power is a complex number: -8 ** 0.5',
  },
  {
    reason: 'The keys 1 and true are two keys of one dict.',
    template: "{{ {1: 'a', true: 'b'}|length }}",
    jinja2: '1',
    here: '2',
  },
  {
    reason: 'Named characters in strings need the whole table of Unicode names.',
    template: '{{ "\\N{BULLET}" }}',
    jinja2: '\u2022',
    here: 'error: invalid escape in a string: "\\N{BULLET}"',
  },
  {
    reason: 'pprint keeps a long text in one piece.',
    template: "{{ ['word ' * 18]|pprint|wordcount }}{{ '\\n' in ['word ' * 18]|pprint }}",
    jinja2: '18True',
    here: '18False',
  },
  {
    reason: 'A recursive loop is not supported.',
    template: '{% for x in [1] recursive %}{{ x }}{% endfor %}',
    jinja2: '1',
    here: 'error: not supported in a for tag: recursive',
  },
  {
    reason: 'HTML is not escaped by itself, so the tag is not supported.',
    template: "{% autoescape true %}{{ '<' }}{% endautoescape %}",
    jinja2: '&lt;',
    here: 'error: unknown tag: autoescape',
  },
  {
    reason: 'The filter urlize and the function lipsum are for web pages.',
    template: "{{ 'x'|urlize }}",
    jinja2: 'x',
    here: 'error: unknown filter: urlize',
  },
  {
    reason: 'What follows a test is no argument when it is `if`.',
    template: '{{ s is string if s else 0 }}',
    jinja2: 'error',
    here: 'True',
  },
  {
    reason: 'An unknown filter is found when it is used, not before.',
    template: '{% for x in [] %}{{ x|nofilter }}{% endfor %}',
    jinja2: 'error',
    here: '',
  },
  {
    reason: 'Nunjucks knows `elseif`, and an inline if after `if`.',
    template: '{% if 0 %}{% elseif 1 if 1 else 0 %}x{% endif %}',
    jinja2: 'error',
    here: 'x',
  },
]

const FILES = { 'base.j2': '<{% block a %}base{% endblock %}>', 'inc.j2': 'included' }

const JINJA2 = `
import json, re, sys
from jinja2 import DictLoader, Environment
def render(given, text):
    try:
        files = {**given["files"], "case.j2": text}
        made = Environment(loader=DictLoader(files)).get_template("case.j2").render(s="context")
        return re.sub("0x[0-9a-f]+", "0x...", made)
    except Exception:
        return "error"
given = json.load(sys.stdin)
json.dump([render(given, text) for text in given["templates"]], sys.stdout)
`

function here(template: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'templates-'))
  try {
    for (const [name, text] of Object.entries({ ...FILES, 'case.j2': template })) {
      writeFileSync(join(directory, name), text)
    }
    return renderTemplate('case.j2', { s: 'context' }, { templateDir: directory, undefined: 'empty' })
  } catch (error) {
    return (error as Error).message.replace('case.j2:1', 'error')
  } finally {
    rmSync(directory, { recursive: true })
  }
}

describe('outside the common subset', () => {
  it.each(OUTSIDE_THE_COMMON_SUBSET)('$reason', (each) => {
    expect(here(each.template)).toBe(each.here)
    expect(each.here).not.toBe(each.jinja2)
  })

  it.runIf(spawnSync('python3', ['-c', 'import jinja2']).status === 0)('says what Jinja2 says', () => {
    const templates = OUTSIDE_THE_COMMON_SUBSET.map((each) => each.template)
    const output = execFileSync('python3', ['-c', JINJA2], {
      input: JSON.stringify({ files: FILES, templates }),
      encoding: 'utf8',
    })
    expect(JSON.parse(output)).toEqual(OUTSIDE_THE_COMMON_SUBSET.map((each) => each.jinja2))
  })
})
