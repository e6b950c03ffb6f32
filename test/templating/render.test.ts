import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ReactiveError } from '../../src/errors.ts'
import { Float } from '../../src/templating/python/numbers.ts'
import { renderTemplate } from '../../src/templating/render.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'templates-'))
})

afterEach(() => rmSync(directory, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(directory, name), content)
  return join(directory, name)
}

function render(template: string, context: Record<string, unknown> = {}, mode?: 'empty'): string {
  file('app.conf.j2', template)
  return renderTemplate('app.conf.j2', context, {
    templateDir: directory,
    ...(mode === undefined ? {} : { undefined: mode }),
  })
}

function failure(template: string, context: Record<string, unknown> = {}, mode?: 'empty'): string {
  try {
    render(template, context, mode)
  } catch (error) {
    expect(error).toBeInstanceOf(ReactiveError)
    expect(error).toHaveProperty('exitStatus', 3)
    return (error as Error).message
  }
  throw new Error('no error')
}

// What a compiled template, which is JavaScript, would compute if it were taken for a part of it.
const placeholder = ['`$', '{process.exit(1)}`'].join('')

describe('an undefined variable', () => {
  it.each([
    ['one\ntwo\n{{ db_host }}\n', 'app.conf.j2:3: undefined variable: db_host'],
    ['{{ db.host }}', 'app.conf.j2:1: undefined variable: db.host'],
    ['\n{{ db["the host"] }}', 'app.conf.j2:2: undefined variable: db["the host"]'],
    ['{{ list[7] }}', 'app.conf.j2:1: undefined variable: list[7]'],
    ['{{ db.deep.deeper }}', 'app.conf.j2:1: undefined variable: db.deep'],
    ['{{ missing.host }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing() }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing ~ "x" }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing + 1 }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing|upper }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing|join(",") }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing|list }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ [missing] }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ "%s" % missing }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ "{}".format(missing) }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing|tojson }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{{ missing > 1 }}', 'app.conf.j2:1: undefined variable: missing'],
    ['{% for x in missing %}{% endfor %}', 'app.conf.j2:1: undefined variable: missing'],
    ['{% for x in list %}\n{{ x.port }}{% endfor %}', 'app.conf.j2:2: undefined variable: x.port'],
    ['{% macro m(a) %}\n{{ a }}{% endmacro %}\n{{ m() }}', 'app.conf.j2:2: missing argument of macro m: a'],
    ['{{ []|first }}', 'app.conf.j2:1: an empty list has no first item'],
    ['{% set x = missing %}\n{{ x }}', 'app.conf.j2:2: undefined variable: missing'],
  ])('is an error of %j', (template, message) => {
    expect(failure(template, { db: { port: 1 }, list: [1, 2] })).toBe(message)
  })

  it('is false, can be tested and has a default', () => {
    const template =
      '{% if x %}a{% endif %}{{ "b" if not x }}{{ x is defined }}{{ x|default("c") }}{{ x or "d" }}' +
      '{{ y.z is defined }}{{ y.z|default("e") }}{{ x == "f" }}{{ x and x.y }}'
    expect(failure(template, { y: {} })).toBe('app.conf.j2:1: undefined variable: x')
    expect(render(template.replace('{{ x and x.y }}', ''), { y: {} })).toBe('bFalsecdFalseeFalse')
  })

  it('prints nothing when the caller wants that', () => {
    expect(render('[{{ x }}{{ y.z }}{% for i in x %}{% endfor %}]', { y: {} }, 'empty')).toBe('[]')
    expect(failure('{{ x.y }}', {}, 'empty')).toBe('app.conf.j2:1: undefined variable: x')
  })

  it('is no matter of an inline if without else', () => {
    expect(render('listen 80{{ " ssl" if ssl }};', { ssl: false })).toBe('listen 80;')
  })

  it('stands for a value of the context that is undefined', () => {
    expect(render('{{ x is defined }}', { x: undefined })).toBe('False')
  })
})

describe('an error of the template', () => {
  it.each([
    ['a\n{% if %}', /^app\.conf\.j2:2: /],
    ['a\n\n{{ 1 +', /^app\.conf\.j2:3: unexpected end of template$/],
    ['{% if x %}\n\n', /^app\.conf\.j2:\d: .*end of file/],
    ['\n{% for x in y %}', /^app\.conf\.j2:2: missing end tag: endfor$/],
    ['{% frobnicate %}', /^app\.conf\.j2:1: unknown tag: frobnicate$/],
    ['\n{{ 1|nofilter }}', /^app\.conf\.j2:2: unknown filter: nofilter$/],
    ['\n{{ 1 is notest }}', /^app\.conf\.j2:2: unknown test: notest$/],
    ["\n{% include 'no.j2' %}", /^app\.conf\.j2:2: template not found: no\.j2$/],
    ["\n{% extends 'no.j2' %}", /^app\.conf\.j2:2: template not found: no\.j2$/],
    ["{% include '../x' %}", /^app\.conf\.j2:1: template outside of the directory: \.\.\/x$/],
    ["{% include 'app.conf.j2' %}", /^app\.conf\.j2:1: nested too deeply, or too long: /],
    ['{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /^app\.conf\.j2:1: nested too deeply, or too long: /],
    ['{{ 1 / 0 }}', /^app\.conf\.j2:1: division by zero: \/$/],
    ['{{ "a" + 1 }}', /^app\.conf\.j2:1: operator not supported: str \+ int$/],
    ['{{ "$" $ }}', /^app\.conf\.j2:1: unexpected character: \$$/],
    ['{# never closed', /^app\.conf\.j2:1: missing end of comment$/],
    ['{% raw %}never closed', /^app\.conf\.j2:1: missing end of raw block$/],
    ['{{ range(10 ** 9)|list }}', /^app\.conf\.j2:1: range too long: 1000000000$/],
    ['{{ 10 ** 1000000 }}', /^app\.conf\.j2:1: power too large: /],
    ['{{ "x" * 10 ** 12 }}', /^app\.conf\.j2:1: repeated too often: /],
    ['{{ [1]|map("upper") }}', /^app\.conf\.j2:1: has no text, add \|list: map$/],
    ['{{ "a\\n"|index }}', /^app\.conf\.j2:1: unknown filter: index$/],
    ['{{ {}["a\nb"] }}', /^app\.conf\.j2:1: undefined variable: \(expression\)\["a\\nb"\]$/],
  ])('%j is one line with template and line', (template, message) => {
    expect(failure(template)).toMatch(message)
    expect(failure(template)).not.toContain('\n')
  })

  it('is at the line of the included template, or of the macro in an imported one', () => {
    file('inc.j2', 'a\nb\n{{ nope }}')
    file('lib.j2', '\n{% macro m(x) %}\n\n{{ x.nope }}{% endmacro %}')
    expect(failure('\n\n\n\n{% include "inc.j2" %}')).toBe('inc.j2:3: undefined variable: nope')
    expect(failure('\n{% import "lib.j2" as l %}{{ l.m({}) }}')).toBe('lib.j2:4: undefined variable: x.nope')
  })

  it('is at the line of the block, in the template that has it', () => {
    file('base.j2', 'x\n{% block a %}{% endblock %}\n{% block b %}{{ nope }}{% endblock %}')
    expect(failure("{% extends 'base.j2' %}\n{% block a %}\n{{ other }}{% endblock %}")).toBe(
      'app.conf.j2:3: undefined variable: other',
    )
    expect(failure("{% extends 'base.j2' %}")).toBe('base.j2:3: undefined variable: nope')
  })

  it('names the caller line again after a macro returned', () => {
    expect(failure('{% macro m() %}x{% endmacro %}\n\n{{ m() }}{{ nope }}')).toBe(
      'app.conf.j2:3: undefined variable: nope',
    )
  })
})

describe('a template file', () => {
  it('that does not exist is an error', () => {
    expect(() => renderTemplate('no.j2', {}, { templateDir: directory })).toThrow(
      new ReactiveError('template not found: no.j2'),
    )
  })

  it('that is not UTF-8 is an error, included or not', () => {
    file('latin1.j2', Buffer.from([0x61, 0xe9, 0x0a]))
    expect(() => renderTemplate('latin1.j2', {}, { templateDir: directory })).toThrow(
      new ReactiveError('template is not UTF-8: latin1.j2'),
    )
    expect(failure('\n{% include "latin1.j2" %}')).toBe('app.conf.j2:2: template is not UTF-8: latin1.j2')
  })

  it('may be absolute, and then includes from the template directory', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
    try {
      writeFileSync(join(elsewhere, 'main.j2'), '{% include "inc.j2" %}{% include "/inc.j2" %}')
      file('inc.j2', 'included ')
      expect(renderTemplate(join(elsewhere, 'main.j2'), {}, { templateDir: directory })).toBe(
        'included included ',
      )
    } finally {
      rmSync(elsewhere, { recursive: true })
    }
  })

  it('may be in a subdirectory, but not above the directory', () => {
    mkdirSync(join(directory, 'sub'))
    file('sub/x.j2', 'x')
    expect(renderTemplate('sub/x.j2', {}, { templateDir: directory })).toBe('x')
    expect(() => renderTemplate('../x.j2', {}, { templateDir: join(directory, 'sub') })).toThrow(
      new ReactiveError('template outside of the directory: ../x.j2'),
    )
  })

  it('is read anew for each rendering', () => {
    expect(render('one')).toBe('one')
    expect(render('two')).toBe('two')
  })
})

describe('names that JavaScript gives a meaning', () => {
  it.each([
    '{{ x.constructor("return process")() }}',
    '{{ x["constructor"]["constructor"]("return 1")() }}',
    '{{ x.__proto__.polluted }}',
    '{{ constructor }}',
    '{{ __proto__ }}',
    '{{ hasOwnProperty("x") }}',
    '{{ toString() }}',
    '{{ x|attr("constructor") }}',
    '{{ x|map(attribute="constructor")|list }}',
    '{{ [x]|map(attribute="__proto__")|join }}',
    '{{ "".constructor.name }}',
    '{{ (1).constructor }}',
    '{{ [].constructor }}',
    '{{ [].length }}',
    '{{ x.__class__ }}',
    '{{ range.constructor }}',
    '{% macro m() %}{% endmacro %}{{ m.constructor }}',
    '{{ loop.constructor }}',
    '{{ namespace().constructor }}',
    '{{ "{0.constructor}".format(x) }}',
    '{{ "{0[__proto__]}".format(x) }}',
    '{{ dict().prototype }}',
    '{{ x|dictsort|first|attr("push") }}',
    '{{ self.constructor }}',
    '{{ 1|constructor }}',
    '{{ 1 is constructor }}',
    '{% include "constructor" %}',
  ])('are undefined: %s', (template) => {
    expect(failure(template, { x: { a: 1 } })).toMatch(
      /^app\.conf\.j2:1: (undefined|unknown|template not found)/,
    )
  })

  it('are only data as keys of the context', () => {
    const context = JSON.parse(
      '{"__proto__": {"polluted": "p"}, "d": {"__proto__": "q", "constructor": "c"}}',
    )
    expect(
      render(
        '{{ __proto__.polluted }} {{ polluted is defined }} {{ d.__proto__ }} {{ d.constructor }}',
        context,
      ),
    ).toBe('p False q c')
    expect(render('{{ d }} {{ d|tojson }}', context)).toBe(
      '{\'__proto__\': \'q\', \'constructor\': \'c\'} {"__proto__": "q", "constructor": "c"}',
    )
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('can be assigned in a template', () => {
    expect(render('{% set __proto__ = 1 %}{% set constructor = 2 %}{{ __proto__ + constructor }}')).toBe('3')
    expect(render('{% macro toString(valueOf) %}{{ valueOf }}{% endmacro %}{{ toString(4) }}')).toBe('4')
    expect(render('{% set n = namespace(a=1) %}{% set n.__proto__ = 5 %}{{ n.__proto__ }}{{ n.a }}')).toBe(
      '51',
    )
    expect(render('{% set function = 1 %}{% set var = 2 %}{{ function + var }}')).toBe('3')
    expect(render('{% block while %}w{% endblock %}')).toBe('w')
  })
})

describe('the context', () => {
  it('takes maps without prototype, Map objects and nested data', () => {
    const bare = Object.assign(Object.create(null), { k: [{ deep: null }] })
    expect(render('{{ bare }} {{ m.a }}', { bare, m: new Map([['a', 1]]) })).toBe("{'k': [{'deep': None}]} 1")
  })

  it('may mark a float', () => {
    expect(render('{{ a }} {{ b }} {{ a + 1 }}', { a: new Float(1), b: 1 })).toBe('1.0 1 2.0')
  })

  it('is not changed by the template', () => {
    const context = { list: [1], map: { a: 1 } }
    expect(
      render('{% set _ = list.append(2) %}{% set _ = map.update(b=2) %}{{ list }}{{ map }}', context),
    ).toBe("[1, 2]{'a': 1, 'b': 2}")
    expect(context).toEqual({ list: [1], map: { a: 1 } })
  })

  it('has only data: a function, a date or a cycle is an error when used', () => {
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    expect(failure('{{ x }}', { x: () => 1 })).toBe('app.conf.j2:1: not plain data: x')
    expect(failure('{{ x }}', { x: { when: new Date() } })).toBe('app.conf.j2:1: not plain data: x.when')
    expect(failure('{{ x }}', { x: cycle })).toBe('app.conf.j2:1: not plain data: x.self')
    expect(render('unused', { x: () => 1 })).toBe('unused')
  })

  it('is never code: what looks like a template stays text', () => {
    const text = `{{ 1 + 1 }}{% if %}"\\n\u2028${placeholder}`
    expect(render('{{ x }}', { x: text })).toBe(text)
  })
})

describe('text of the template', () => {
  it('is never code of the compiled template', () => {
    const text = `${placeholder} "; process.exit(1); // \\ \u2028 \u2029 \0`
    expect(render(text)).toBe(text)
    expect(render(`{{ '${placeholder} "; //' }}`)).toBe(`${placeholder} "; //`)
    expect(failure('{{ a["x\\"]; process.exit(1); //"] }}', { a: {} })).toContain('undefined variable: a[')
  })
})

describe('large templates', () => {
  it('print values and text of a megabyte', () => {
    const megabyte = 'x'.repeat(1024 * 1024)
    expect(render('{{ x }}{{ x|length }}', { x: megabyte })).toBe(`${megabyte}1048576`)
    expect(render(`${'line \n'.repeat(200_000)}{{- 1 }}`)).toHaveLength(1_200_000 - 1)
    expect(render('{{ x|trim|length }}', { x: `${' '.repeat(500_000)}a${' '.repeat(500_000)}` })).toBe('1')
  })

  it('run loops of ten thousand steps in about ten times the time of a thousand', () => {
    const run = (steps: number) => {
      const template = `{% for i in range(${steps}) %}{% if i is odd %}{{ loop.index }}:{{ i * 2 }} {{ name|upper }}\n{% endif %}{% endfor %}`
      const started = process.cpuUsage()
      const lines = render(template, { name: 'n' }).split('\n')
      const { user, system } = process.cpuUsage(started)
      return { lines, cpu: user + system }
    }
    const thousand = Math.min(...[1, 2, 3].map(() => run(1000).cpu))
    const { lines, cpu } = run(10_000)
    expect(lines).toHaveLength(5001)
    expect(lines[4999]).toBe('10000:19998 N')
    // Where steps looked at those before them, it would be a hundred times.
    expect(cpu / thousand).toBeLessThan(40)
  })

  it('have hundreds of statements', () => {
    const template = Array.from({ length: 500 }, (_, i) => `{% set v${i} = ${i} %}{{ v${i} }}`).join('')
    expect(render(template)).toBe(Array.from({ length: 500 }, (_, i) => i).join(''))
  })
})
