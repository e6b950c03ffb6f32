// What a charm declares, as plain data. The package's types name these shapes, so this file imports no package.

export type YamlMap = Record<string, unknown>

export type EndpointRole = 'provides' | 'requires' | 'peers'

export interface EndpointDeclaration {
  name: string
  role: EndpointRole
  interface: string
  scope?: string
}

export interface Metadata {
  name: string
  summary?: string
  subordinate: boolean
  /** Those that are provided, then the required ones, then peers, each in the order of the file. */
  endpoints: EndpointDeclaration[]
  /** Names of the storages. */
  storage: string[]
  raw: YamlMap
}

export type ConfigValue = string | number | boolean | null

export interface ConfigOption {
  name: string
  type: 'string' | 'int' | 'float' | 'boolean' | 'secret'
  /** Null when there is none. Its type is not compared with `type`: Juju did that (`checkConfigDefaults`). */
  default: ConfigValue
  description: string
}

export interface ActionDeclaration {
  name: string
  description: string
  /** The JSON schemas of the parameters, by name. */
  params: YamlMap
  raw: YamlMap
}
