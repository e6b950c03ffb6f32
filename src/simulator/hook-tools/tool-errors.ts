// How a hook tool fails: as juju/cmd does, `ERROR ...` on stderr and one of two exit statuses (docs/juju.md 3).

/** It could not be done: status 1. */
export class ToolError extends Error {
  readonly status: number = 1
}

/** Wrong words on the command line: status 2. */
export class ToolUsageError extends ToolError {
  override readonly status: number = 2
}

/** The tool reads stdin, which did not come with the request; the client sends it with a second one. */
export class StdinWanted extends Error {}
