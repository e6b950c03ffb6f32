import { expect, it } from 'vitest'
import { Endpoint } from '../../src/endpoints/endpoint.ts'
import { findEndpointClass } from '../../src/endpoints/endpoint-classes.ts'

class Base extends Endpoint {}
class Mysql extends Base {}
class Other extends Base {}

it('finds the class that a file exports, whatever else it exports', () => {
  expect(findEndpointClass({ Mysql, Endpoint, port: 1, f() {}, Plain: class {}, nothing: null })).toBe(Mysql)
  expect(findEndpointClass({ default: Mysql })).toBe(Mysql)
  expect(findEndpointClass({ default: Mysql, Mysql })).toBe(Mysql)
})

it('finds it in a CommonJS file', () => {
  expect(findEndpointClass({ default: { Mysql, port: 1 } })).toBe(Mysql)
})

it('takes the one that extends the others', () => {
  expect(findEndpointClass({ Base, Mysql })).toBe(Mysql)
})

it('finds none where there is none', () => {
  expect(findEndpointClass({ Endpoint, f() {} })).toBeUndefined()
  expect(findEndpointClass({})).toBeUndefined()
  expect(findEndpointClass({ default: undefined })).toBeUndefined()
})

it('cannot choose between two', () => {
  expect(() => findEndpointClass({ Mysql, Other })).toThrow(
    'a file may export only one endpoint class: Mysql, Other',
  )
})
