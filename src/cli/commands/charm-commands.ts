// What a charm brings and Juju tells: templates, layer options, configuration.

import { AsHookTool, AsYaml, InFormats } from '../output.ts'
import { type Command, done, one } from './command.ts'

export const CHARM_COMMANDS: Record<string, Command> = {
  render_template: {
    example: 'render_template app.conf.j2 /etc/app.conf port=8080',
    summary: 'Render a template to a file, with the environment and k=v as variables.',
    words: 'SOURCE TARGET [k=v...]',
    kind: 'silent',
    writes: false,
    options: {
      owner: { summary: 'owner of the file', value: 'USER' },
      group: { summary: 'group of the file', value: 'GROUP' },
      mode: { summary: 'permissions of the file, octal, 0444 by default', value: 'MODE' },
      undefined: { summary: 'print nothing for undefined variables instead of failing', value: 'empty' },
    },
    takesShellVariables: true,
    async run(session, [source = '', target = '', ...pairs], options, shellVariables) {
      const { renderToFile } = await import('../../templating/render-template.ts')
      renderToFile(session, source, target, {
        pairs,
        shellVariables,
        undefinedMode: one(options, 'undefined'),
        owner: one(options, 'owner'),
        group: one(options, 'group'),
        mode: one(options, 'mode'),
      })
      return done
    },
  },
  layer_option: {
    example: 'layer_option basic packages',
    summary: 'Print an option of a layer, or all as YAML; a boolean answers by status.',
    words: 'LAYER [OPTION]',
    kind: 'value',
    writes: false,
    async run({ context }, [layer = '', option]) {
      const { layerOption, layerOptions } = await import('../../charm/layer-options.ts')
      if (option === undefined) return { value: new AsYaml(layerOptions(context.charmDir, layer)) }
      const value = layerOption(context.charmDir, layer, option)
      return typeof value === 'boolean' ? { answer: value, value: new InFormats(value) } : { value }
    },
  },
  config_get: {
    example: 'config_get port',
    summary: 'Print an option of the configuration.',
    words: 'OPTION',
    kind: 'value',
    writes: false,
    async run(session, [option = '']) {
      const { configGet } = await import('../../juju/hook-tools.ts')
      session.config ??= await configGet(session.context)
      const isTold = Object.hasOwn(session.config, option)
      if (!isTold)
        (await import('../../charm/config-options.ts')).checkConfigOption(session.context.charmDir, option)
      return { value: new AsHookTool(isTold ? session.config[option] : null) }
    },
  },
}
