// What a charm brings and Juju tells: templates, layer options, endpoints, configuration.

import { AsYaml, InFormats } from '../output.ts'
import { relationCall, relationId } from '../relations.ts'
import { ANY, type Command, done, one } from './command.ts'

export const CHARM_COMMANDS: Record<string, Command> = {
  render_template: {
    summary: 'Render a template of the charm to a file, with the environment and k=v as variables.',
    words: 'SOURCE TARGET [k=v...]',
    count: [2, ANY],
    kind: 'silent',
    writes: false,
    options: {
      owner: { summary: 'owner of the file', value: 'USER' },
      group: { summary: 'group of the file', value: 'GROUP' },
      mode: { summary: 'permissions of the file, octal, 0444 by default', value: 'MODE' },
      undefined: { summary: 'print nothing for undefined variables instead of failing', value: 'empty' },
    },
    tail: '--shell-variables',
    async run(session, [source = '', target = '', ...pairs], options, tail) {
      const { renderToFile } = await import('../render-template.ts')
      renderToFile(session, source, target, {
        pairs,
        tail,
        undefinedMode: one(options, 'undefined'),
        owner: one(options, 'owner'),
        group: one(options, 'group'),
        mode: one(options, 'mode'),
      })
      return done
    },
  },
  layer_option: {
    summary: 'Print an option of a layer, or all of them as YAML; a boolean answers by status.',
    words: 'LAYER [OPTION]',
    count: [1, 2],
    kind: 'value',
    writes: false,
    async run({ context }, [layer = '', option]) {
      const { layerOption, layerOptions } = await import('../layer-options.ts')
      if (option === undefined) return { value: new AsYaml(layerOptions(context.charmDir, layer)) }
      const value = layerOption(context.charmDir, layer, option)
      return typeof value === 'boolean' ? { answer: value, value: new InFormats(value) } : { value }
    },
  },
  relation_call: {
    summary: "Call a method of a relation's endpoint.",
    words: 'METHOD [ARG...]',
    count: [1, ANY],
    kind: 'value',
    writes: true,
    options: {
      flag: { summary: 'the endpoint that the flag belongs to', value: 'FLAG' },
      state: { summary: 'the same, under its old name', value: 'FLAG' },
      relation_name: { summary: 'the endpoint of this name', value: 'NAME' },
      endpoint: { summary: 'the endpoint of this name', value: 'NAME' },
    },
    async run(session, [method = '', ...args], options) {
      const flag = one(options, 'flag') ?? one(options, 'state')
      const endpoint = one(options, 'endpoint') ?? one(options, 'relation_name')
      return { value: await relationCall(session, { flag, endpoint }, method, args) }
    },
  },
  relation_id: {
    summary: 'Print the id of the relation that a remote unit or application belongs to.',
    words: 'RELATION_NAME REMOTE',
    count: [2, 2],
    kind: 'value',
    writes: false,
    run: async (session, [endpoint = '', remote = '']) => ({
      value: await relationId(session, endpoint, remote),
    }),
  },
  config_get: {
    summary: 'Print an option of the configuration, from the one config-get of the hook.',
    words: 'OPTION',
    count: [1, 1],
    kind: 'value',
    writes: false,
    async run(session, [option = '']) {
      const { configGet } = await import('../hook-tools.ts')
      session.config ??= await configGet(session.context)
      const value = Object.hasOwn(session.config, option) ? session.config[option] : null
      // As `config-get OPTION` prints it.
      return { value: typeof value === 'boolean' ? (value ? 'True' : 'False') : value }
    },
  },
}
