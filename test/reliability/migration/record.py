#!/usr/bin/env python3
"""Record what the Python original leaves on a unit, and what it runs next.

Lets a unit live through life.json with the Python original of the charm in charm/, and keeps in
test/fixtures/python-unit/ the files that it leaves ("settled", and "killed": with a hook that died in the
middle of a transaction), and the handlers that it runs in each hook that could come next.

    record.py CHARMS_REACTIVE CHARM_HELPERS LAYER_BASIC    (checkouts; python3 needs yaml and jinja2)

The unit is /var/lib/juju/agents/unit-app-0, since paths of handlers are in the state: it must not be there,
and is removed at the end.
"""
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURE = HERE.parent.parent / 'fixtures' / 'python-unit'
UNIT = Path('/var/lib/juju/agents/unit-app-0')
CHARM = UNIT / 'charm'
TOOLS = UNIT / 'tools'
STATE = ('.unit-state.db', '.unit-state.db-journal', '.juju-persistent-config', 'exec.d/.prepare_charm-pre-install.done')

TOOL = '''#!/usr/bin/env python3
import json, os, sys
juju = json.load(open('%s/juju.json'))
name = os.path.basename(sys.argv[0])
words = [word for word in sys.argv[1:] if not word.startswith('--')]
option = words[words.index('-r') + 1] if '-r' in words else None
words = [word for word in words if word not in ('-r', option)]
units = juju['relations'].get(option, {})
answers = {
    'config-get': lambda: juju['config'],
    'is-leader': lambda: False,
    'leader-get': lambda: juju['leader'],
    'relation-ids': lambda: [id for id in juju['relations'] if id.split(':')[0] == words[0]],
    'relation-list': lambda: [unit for unit in units if unit != os.environ.get('DEPARTING')],
    'relation-get': lambda: units.get(words[1], {}) if words[0] == '-' else units.get(words[1], {}).get(words[0]),
}
print(json.dumps(answers[name]()))
''' % UNIT

# As a hook of layer:basic does it, without installing packages.
HOOK = '''
import sys
from charms.layer import basic
from charms.layer.execd import execd_preinstall
execd_preinstall()
from charmhelpers.core import hookenv
hookenv.atstart(basic.init_config_states)
hookenv.atexit(basic.clear_config_states)
from charms.reactive import main
main()
'''


def make_unit(life):
    shutil.copytree(HERE / 'charm', CHARM)
    for name, text in life['charm'].items():
        (CHARM / name).write_text(text)
    TOOLS.mkdir()
    (TOOLS / 'tool').write_text(TOOL)
    (TOOLS / 'tool').chmod(0o755)
    for name in ('config-get', 'is-leader', 'leader-get', 'relation-ids', 'relation-list', 'relation-get'):
        (TOOLS / name).symlink_to('tool')
    for name in ('relation-set', 'juju-log', 'status-set'):
        (TOOLS / name).symlink_to('/bin/true')
    (TOOLS / 'python').symlink_to(sys.executable)


def apply(juju, step):
    juju['config'].update(step.get('config', {}))
    if 'relation' in step:
        units = juju['relations'].setdefault(step['relation'], {})
        units.setdefault(step['unit'], {}).update(step.get('data', {}))
        for unit in step.get('clear', []):
            units[unit] = {}
    for name, text in step.get('files', {}).items():
        (CHARM / name).write_text(text)


def run(juju, step, originals, killed=False):
    """Run a hook, and give the names that the charm noted."""
    apply(juju, step)
    (UNIT / 'juju.json').write_text(json.dumps(juju))
    (CHARM / 'ran').unlink(missing_ok=True)
    reactive, helpers, layer = originals
    departs = step['hook'].endswith('-departed')
    env = {
        'PATH': f'{TOOLS}:{reactive}/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'PYTHONPATH': f'{reactive}:{helpers}:{layer}/lib',
        'CHARM_DIR': str(CHARM), 'JUJU_CHARM_DIR': str(CHARM), 'JUJU_UNIT_NAME': 'app/0',
        'JUJU_HOOK_NAME': step['hook'], 'PYTHONPYCACHEPREFIX': str(UNIT / 'compiled'),
    }
    if 'relation' in step:
        env.update({'JUJU_RELATION': step['relation'].split(':')[0], 'JUJU_RELATION_ID': step['relation'],
                    'JUJU_REMOTE_UNIT': step['unit']})
        if departs:
            env['DEPARTING'] = step['unit']
    done = subprocess.run([sys.executable, '-c', HOOK], cwd=CHARM, env=env, capture_output=True, text=True)
    if killed != (done.returncode == -9) or (done.returncode != 0 and not killed):
        sys.exit(f'{step}: {done.returncode}\n{done.stderr}')
    if departs:
        del juju['relations'][step['relation']][step['unit']]
    ran = CHARM / 'ran'
    return ran.read_text().split('\n')[:-1] if ran.exists() else []


def keep(name):
    """Keep the files that the original has written."""
    target = FIXTURE / name
    shutil.rmtree(target, ignore_errors=True)
    for part in STATE:
        if (CHARM / part).exists():
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHARM / part, target / part)


def back_to(name, life):
    for part in STATE:
        (CHARM / part).unlink(missing_ok=True)
        if (FIXTURE / name / part).exists():
            shutil.copy2(FIXTURE / name / part, CHARM / part)
    (CHARM / 'missing.conf').unlink(missing_ok=True)
    for file, text in life['charm'].items():
        (CHARM / file).write_text(text)


def main(*originals):
    life = json.loads((HERE / 'life.json').read_text())
    make_unit(life)
    juju = life['juju']
    for step in life['before']:
        print(step['hook'], *run(juju, step, originals), flush=True)
    keep('settled')
    (CHARM / 'die').touch()
    run(juju, {'hook': 'update-status'}, originals, killed=True)
    (CHARM / 'die').unlink()
    keep('killed')
    recorded = {'juju': juju, 'next': {}}
    for state in ('settled', 'killed'):
        # After the kill, it is enough to see that it goes on as if the killed hook had not been.
        titles = list(life['next'])[:3 if state == 'killed' else None]
        for title in titles:
            step = life['next'][title]
            back_to(state, life)
            ran = run(json.loads(json.dumps(juju)), step, originals)
            recorded['next'].setdefault(state, {})[title] = sorted(ran)
            print(f'{title}:', *ran, flush=True)
    (FIXTURE / 'recorded.json').write_text(json.dumps(recorded, indent=2, ensure_ascii=False) + '\n')


if __name__ == '__main__':
    if len(sys.argv) != 4 or UNIT.exists():
        sys.exit(__doc__)
    UNIT.mkdir(parents=True)
    try:
        main(*(str(Path(original).resolve()) for original in sys.argv[1:]))
    finally:
        shutil.rmtree(UNIT)
