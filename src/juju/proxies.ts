// The proxies of the model. Since Juju 2.4 `juju-http-proxy` and its like reach a charm as JUJU_CHARM_HTTP_PROXY …,
// and the charm has to hand them on. Here everything that a hook starts gets them under the names that programs
// know: pip, apt-get, exec.d and handlers. Called by context.ts.

const KINDS = ['HTTP', 'HTTPS', 'FTP', 'NO']

/** Add the proxies to an environment, where it has none under the usual names. */
export function addProxies(env: Record<string, string>): void {
  for (const kind of KINDS) {
    const proxy = env[`JUJU_CHARM_${kind}_PROXY`]
    const names = [`${kind}_PROXY`, `${kind}_PROXY`.toLowerCase()]
    // What the legacy settings of the model say, or the operator, is meant.
    if (!proxy || names.some((name) => env[name] !== undefined)) continue
    for (const name of names) env[name] = proxy
  }
}
