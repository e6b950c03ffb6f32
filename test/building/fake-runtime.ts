// A small binary that says of itself what Node.js says: what packs it need not take ten seconds.

import { compile } from '../end-to-end/charm.ts'

/** A program for this machine that calls itself Node.js of a version, and needs these libraries as well. */
export function fakeRuntime(version = '24.0.0', libraries: readonly string[] = []): Buffer {
  const source = `#include <stdio.h>\nint main(void) { return puts("node.js/v${version}") < 0; }\n`
  return compile(source, ['-Wl,--no-as-needed', ...libraries.map((name) => `-l:${name}`)])
}
