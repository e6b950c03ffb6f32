// What a report shows, small enough to stand in its page: every text once, and numbers that refer to it. Made by
// `report.ts`, read by `page/`.

/** A number that stands for a text in `texts`. */
export type Text = number

export interface ReportData {
  texts: string[]
  unit: string
  charm: string
  /** Version of the toolkit. */
  version: string
  /** ISO 8601, UTC. */
  made: string
  handlers: ReportHandler[]
  flags: ReportFlag[]
  /** Oldest first. */
  dispatches: ReportDispatch[]
  /** Changes outside of dispatches, oldest first. */
  outside: { at: string; command: Text; changes: ReportChange[] }[]
  /** Nodes of the picture by their place: `n0` is the first. */
  nodes: { kind: 'handler' | 'flag'; name: Text }[]
  /** Edges of the picture: from, to, as places in `nodes`. */
  edges: [from: number, to: number][]
  /** What could not be shown, and why. */
  notices: string[]
}

export interface ReportHandler {
  id: Text
  label: Text
  layer: Text
  /** `reactive/app.sh:12`, and where it leads. */
  place: Text
  link: string
  conditions: { text: Text; holds?: boolean }[]
  sets: Text[]
  clears: Text[]
}

export interface ReportFlag {
  name: Text
  set: boolean
  /** When the engine sets it. */
  automatic?: Text
  /** Handlers that wait for it, and those that wait for its absence. */
  waits: Text[]
  waitsNot: Text[]
}

/** Set or cleared, the flag, and what the trigger waited for that did it. */
export type ReportChange = [set: 0 | 1, flag: Text, trigger?: Text]

export interface ReportDispatch {
  event: Text
  started: string
  milliseconds: number
  status: number
  error?: Text
  /** What the toolkit asked Juju, in words. */
  hookTools?: Text
  before: ReportChange[]
  iterations: ReportIteration[]
  after: ReportChange[]
  /** Whether the tests were left out, for the page's size. */
  shortened?: true
}

export interface ReportIteration {
  phase: Text
  iteration: number
  tested: ReportTest[]
  ran: ReportRun[]
  late: { handler: Text; flags: Text }[]
}

/** The handler, whether it matched, and of each condition its text, whether it held, and why not. */
export type ReportTest = [handler: Text, matches: 0 | 1, ...answers: [Text, 0 | 1, Text?][]]

export interface ReportRun {
  handler: Text
  at: number
  milliseconds: number
  changes: ReportChange[]
  hookTools?: Text
  error?: Text
  output?: Text
}
