// A steady clock. `performance` would tell the time too, and takes its own to load.

/** Milliseconds since some moment before this process began, with fractions. */
export function clock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1_000_000
}
