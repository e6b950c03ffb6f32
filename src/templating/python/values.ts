// The values that a template works with. Python's None, bool, str, list and dict are null, boolean,
// string, array and Map; what JavaScript has no type for (float, tuple, range, ...) is a class below
// or a Host of its own file. Nothing here is ever looked up on a JavaScript prototype.

export type Value = null | boolean | number | bigint | string | Value[] | Dict | Host
export type Dict = Map<Value, Value>

/** What a call in a template gives: `f(1, *more, key=2, **others)`. */
export interface Arguments {
  positional: Value[]
  named: Map<string, Value>
}

/** What functions need from the template that is being rendered. */
export interface Engine {
  undefined(what: string): Undefined
  filter(name: string): Filter
  test(name: string): Test
  has(kind: 'filter' | 'test', name: string): boolean
}

export type Filter = (engine: Engine, value: Value, given: Arguments) => Value
export type Test = (engine: Engine, value: Value, given: Arguments) => boolean

/** Something in a template went wrong; the template's name and line are put before it later. */
export class TemplateFault extends Error {
  override name = 'TemplateFault'
}

/** A value with its own behaviour. */
export abstract class Host {
  /** Python's name of the type, for messages. */
  abstract readonly typeName: string

  attribute(_name: string): Value | undefined {
    return undefined
  }

  item(_key: Value): Value | undefined {
    return undefined
  }

  isTrue(): boolean {
    return true
  }

  iterate(): Iterable<Value> | undefined {
    return undefined
  }

  size(): number | undefined {
    return undefined
  }

  call(_given: Arguments): Value {
    throw new TemplateFault(`not a function: ${this.typeName}`)
  }

  text(): string {
    return this.repr()
  }

  repr(): string {
    throw new TemplateFault(`has no text: ${this.typeName}`)
  }
}

/** A variable, attribute or item that is not there. */
export class Undefined extends Host {
  readonly typeName = 'Undefined'
  readonly what: string
  readonly strict: boolean

  constructor(what: string, strict: boolean) {
    super()
    this.what = what
    this.strict = strict
  }

  fail(): never {
    throw new TemplateFault(this.what)
  }

  override isTrue(): boolean {
    return false
  }

  override iterate(): Iterable<Value> {
    return this.strict ? this.fail() : []
  }

  override size(): number {
    return this.strict ? this.fail() : 0
  }

  override call(): Value {
    return this.fail()
  }

  override text(): string {
    return this.strict ? this.fail() : ''
  }

  override repr(): string {
    return this.strict ? this.fail() : 'Undefined'
  }
}

/** A Python tuple: prints and compares apart from a list. */
export class Tuple extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** A named item, of the tuples that have names. */
  attribute(_name: string): Value | undefined {
    return undefined
  }
}

/** Make a tuple of the values. */
export function tuple(...values: Value[]): Tuple {
  return Tuple.from(values) as Tuple
}

/** Text that is already escaped for HTML: `escape` leaves it alone. */
export class Markup extends Host {
  readonly typeName = 'Markup'
  readonly escaped: string

  constructor(escaped: string) {
    super()
    this.escaped = escaped
  }

  override text(): string {
    return this.escaped
  }
}

/** A function or a bound method. */
export class Callable extends Host {
  readonly typeName = 'builtin_function_or_method'
  readonly run: (given: Arguments) => Value

  constructor(run: (given: Arguments) => Value) {
    super()
    this.run = run
  }

  override call(given: Arguments): Value {
    return this.run(given)
  }
}

/** The value without its mark of being escaped. */
export function plain(value: Value): Value {
  return value instanceof Markup ? value.escaped : value
}

/** Python's name of the value's type. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'string') return 'str'
  if (value instanceof Tuple) return 'tuple'
  if (Array.isArray(value)) return 'list'
  return value instanceof Map ? 'dict' : value.typeName
}

/** Python's truth: empty text, lists and maps, zero, None and undefined are false. */
export function isTrue(value: Value): boolean {
  if (value === null) return false
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  if (value instanceof Markup) return value.escaped !== ''
  if (value instanceof Host) return value.isTrue()
  return typeof value === 'number' ? value !== 0 : Boolean(value)
}
