// Renders a template of the charm as Jinja2 would: nunjucks parses and compiles it, with the grammar,
// the values and the filters of Jinja2. Called by `render_template`, which loads this file when needed.
// What stays different from Jinja2 is listed in test/templating/outside-subset.test.ts.

import { ReactiveError } from '../errors.ts'
import { Context, RenderData } from './nunjucks/context.ts'
import { TemplateEnvironment } from './nunjucks/environment.ts'
import { RuntimeFrame } from './nunjucks/internals.ts'
import { Runtime } from './nunjucks/template-runtime.ts'
import { TemplateFault } from './python/values.ts'

export interface RenderOptions {
  /** Where the template, and those that it includes, extends and imports, are found. */
  templateDir: string
  /** Printing an undefined variable is an error (`strict`, the default) or prints nothing. */
  undefined?: 'strict' | 'empty'
}

/**
 * Render a template.
 *
 * `source` is relative to the template directory or absolute; the context is plain data (a `Float` marks
 * a float with an integral value). Whatever is wrong with the template is one line, `TEMPLATE:LINE: ...`.
 */
export function renderTemplate(
  source: string,
  context: Record<string, unknown>,
  options: RenderOptions,
): string {
  const environment = new TemplateEnvironment(options.templateDir)
  const runtime = new Runtime(options.undefined !== 'empty')
  const template = firstTemplate(environment, source)
  const data = new Context(new RenderData(context), new Map())
  return runtime.render(environment, template, data, new RuntimeFrame())
}

function firstTemplate(environment: TemplateEnvironment, source: string) {
  try {
    return environment.firstTemplate(source)
  } catch (error) {
    if (error instanceof TemplateFault) throw new ReactiveError(error.message, { cause: error })
    throw error
  }
}
