// What is about the machine or the model: juju-reboot, credential-get, relation-model-get.

import { checkEmpty } from './arguments.ts'
import { type HookTool, outputFlags } from './hook-tool.ts'
import { relationFlag, relationOf } from './relation-tools.ts'
import { ToolError } from './tool-errors.ts'

export const MODEL_TOOLS: Record<string, HookTool> = {
  'juju-reboot': {
    usage: '',
    purpose: 'Reboot the host machine.',
    flags: () => [{ names: ['now'], kind: 'switch' }],
    run({ context, args, flags }) {
      checkEmpty(args)
      if (context.kind === 'action')
        throw new ToolError('juju-reboot is not supported when running an action.')
      context.record.reboot = flags.now ? 'now' : 'after'
      // The hook is killed, and its changes with it.
      if (flags.now) context.kill?.()
    },
  },
  'credential-get': {
    usage: '',
    purpose: 'Access cloud credentials.',
    since: '2.5',
    flags: () => outputFlags(),
    run({ context, args, print }) {
      checkEmpty(args)
      const { credentials } = context.state
      // Only an application that the operator trusts may see them.
      if (credentials === null) throw new ToolError('cannot access cloud credentials: permission denied')
      print(credentials)
    },
  },
  'relation-model-get': {
    usage: '',
    purpose: 'Get details about the model hosting a related application.',
    since: '3.6.2',
    flags: (context) => [...outputFlags(), relationFlag(context)],
    run(call) {
      const relation = relationOf(call)
      checkEmpty(call.args)
      call.print({ uuid: relation.remoteModel || call.context.state.model.uuid })
    },
  },
}
