// All rules of lint, by their ids. docs/lint.md is made of this table.

import { DECLARATION_RULES } from './declaration-rules.ts'
import type { Rule } from './finding.ts'
import { FLAG_RULES } from './flag-rules.ts'
import { REFERENCE_RULES } from './reference-rules.ts'
import { TEXT_RULES } from './text-rules.ts'
import { USAGE_RULES } from './usage-rules.ts'

export const RULES: Readonly<Record<string, Rule>> = {
  'bad-declaration': {
    severity: 'error',
    about:
      'A declaration (`metadata.yaml`, `config.yaml`, `actions.yaml`, `layer.yaml`) cannot be read, or Juju refuses it.',
    // lint.ts finds it before there is anything else to look at.
    find: () => [],
  },
  'not-composed': {
    severity: 'note',
    about: 'The layer names other layers that are not here: rules that need the whole charm say nothing.',
    find: (subject) =>
      subject.isPart
        ? [
            {
              file: 'layer.yaml',
              line: 1,
              column: 1,
              message: 'layers that it includes are not here, so rules about the whole charm are left out',
            },
          ]
        : [],
  },
  ...REFERENCE_RULES,
  ...FLAG_RULES,
  ...TEXT_RULES,
  ...USAGE_RULES,
  ...DECLARATION_RULES,
}
