// A charm as there are many: six bash handlers in one file, which bring an application up in four iterations of
// the first hook; each later hook runs one of them.

import { bash, Charm, type Toolkit } from '../charm.ts'
import { type Comparison, type Row, type Work, work } from '../row.ts'
import type { Bench } from '../subjects.ts'
import { bareNode } from './floors.ts'

const CHARM = bash(`
@when_not 'app.installed'
function install() {
  status-set maintenance 'Installing'
  mkdir -p "$CHARM_DIR/root/etc"
  set_flag 'app.installed'
}

@when 'app.installed'
@when_not 'app.configured'
function configure() {
  echo 'port = 8080' >"$CHARM_DIR/root/etc/app.conf"
  set_flag 'app.configured'
}

@when 'app.configured'
@when_not 'app.started'
function start() {
  open-port 8080/tcp
  set_flag 'app.started'
}

@when 'app.started'
function report() {
  status-set active 'Ready'
}

@when 'app.started' 'app.restart-requested'
function restart() {
  clear_flag 'app.started'
  clear_flag 'app.restart-requested'
}

@hook 'upgrade-charm'
function upgrade() {
  clear_flag 'app.installed'
}`)

export function sixHandlerRows(bench: Bench): Row[] {
  const { engine, original } = bench
  const against = (goal: number, base: Work | undefined): Comparison[] =>
    base === undefined ? [] : [{ base, ratio: 'times faster', goal, rounds: 5, original: true }]
  return [
    {
      name: 'six bash handlers, the first hook',
      unit: 'ms',
      work: firstHook(bench, engine, 'engine'),
      against: [
        { base: bareNode(bench), ratio: 'times', recorded: 5.5 },
        ...against(20, original && firstHook(bench, original, 'the original')),
      ],
      rounds: { full: 20, short: 4 },
    },
    {
      name: 'six bash handlers, each later hook',
      unit: 'ms',
      work: laterHook(bench, engine, 'engine'),
      against: [
        { base: bareNode(bench), ratio: 'times', recorded: 3.4 },
        ...against(15, original && laterHook(bench, original, 'the original')),
      ],
      rounds: { full: 20, short: 4 },
    },
  ]
}

function firstHook({ workspace }: Bench, toolkit: Toolkit, name: string): Work {
  return work(name, () => {
    const charm = new Charm(workspace, toolkit, { 'reactive/app.sh': CHARM })
    return () => {
      charm.reset()
      return charm.hook('install').milliseconds
    }
  })
}

function laterHook({ workspace }: Bench, toolkit: Toolkit, name: string): Work {
  return work(name, () => {
    const charm = new Charm(workspace, toolkit, { 'reactive/app.sh': CHARM })
    charm.hook('install')
    return () => charm.hook().milliseconds
  })
}
