// Finds the templates of one directory and keeps them compiled while one rendering lasts.

import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { readRegularFile } from '../../system/regular-files.ts'
import { TemplateFault } from '../python/values.ts'
import { BaseEnvironment } from './internals.ts'
import { CompiledTemplate } from './template.ts'

export class TemplateEnvironment extends BaseEnvironment {
  readonly directory: string
  readonly templates = new Map<string, CompiledTemplate>()

  constructor(directory: string) {
    super([], { autoescape: false })
    this.directory = directory
  }

  exists(name: string): boolean {
    return existsSync(this.pathOf(name))
  }

  /** The template to render, which alone may be outside of the directory. */
  firstTemplate(source: string): CompiledTemplate {
    return isAbsolute(source) ? this.load(source, source) : this.getTemplate(source)
  }

  override getTemplate(name: string): CompiledTemplate {
    const known = this.templates.get(name)
    if (known !== undefined) return known
    const template = this.load(this.pathOf(name), name)
    this.templates.set(name, template)
    return template
  }

  load(path: string, name: string): CompiledTemplate {
    return new CompiledTemplate(readSource(path, name), this, name)
  }

  // As in Jinja2, a name does not lead out of the directory, not even with a slash at its start.
  pathOf(name: string): string {
    const parts = name.split('/')
    if (parts.includes('..')) throw new TemplateFault(`template outside of the directory: ${name}`)
    return join(this.directory, ...parts)
  }
}

function readSource(path: string, name: string): string {
  const bytes = readBytes(path, name)
  try {
    // A byte order mark stays, as in Jinja2.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new TemplateFault(`template is not UTF-8: ${name}`, { cause: error })
  }
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    return readRegularFile(path)
  } catch (error) {
    throw new TemplateFault(`template not found: ${name}`, { cause: error })
  }
}
