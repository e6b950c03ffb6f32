"""Leader settings and their flags (documentation 2.2), in place of the module of layer:leadership."""

from __future__ import annotations

import json
import subprocess


def leader_set(*args, **kw) -> None:
    """Write settings, from one dictionary or by keywords, and change their flags at once. A value of None removes."""
    if len(args) > 1:
        raise TypeError(f'leader_set takes one dictionary: {len(args)} were given')
    settings = {**(dict(args[0]) if args else {}), **kw}
    words = [f'{key}={"" if value is None else value}' for key, value in settings.items()]
    if words:
        subprocess.run(['charms.reactive', 'leader_set', '--', *words], check=True)


def leader_get(attribute: str | None = None):
    """One setting, None where there is none, or all as a dictionary."""
    words = [] if attribute is None else ['--', attribute]
    answer = subprocess.run(
        ['charms.reactive', 'leader_get', '--format', 'json', *words], check=True, stdout=subprocess.PIPE
    )
    return json.loads(answer.stdout or 'null')
