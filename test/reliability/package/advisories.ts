// Severe holes that were published about packages which have been, or could come, among what is shipped: the first
// version without them, and versions that somebody else published. `npm audit` knows more where it can ask.

/** [package, first good version, advisory] */
export const FIXED_IN: readonly (readonly [name: string, version: string, advisory: string])[] = [
  ['tar', '7.5.7', 'CVE-2026-24842, CVE-2026-23745, CVE-2024-28863, CVE-2021-37713'],
  ['tar-fs', '2.1.4', 'CVE-2025-59343, CVE-2025-48387, CVE-2024-12905'],
  ['semver', '7.5.2', 'CVE-2022-25883'],
  ['minimist', '1.2.6', 'CVE-2021-44906'],
  ['ini', '1.3.6', 'CVE-2020-7788'],
  ['bl', '4.0.3', 'CVE-2020-8244'],
  ['simple-get', '4.0.1', 'CVE-2022-0355'],
  ['decompress-response', '4.2.1', 'an archive that leaves its directory'],
  ['cross-spawn', '7.0.5', 'CVE-2024-21538'],
  ['nunjucks', '3.2.4', 'CVE-2023-2142'],
  ['yaml', '2.2.2', 'CVE-2023-2251'],
  ['ajv', '8.18.0', 'CVE-2025-69873, CVE-2020-15366'],
  ['yargs-parser', '18.1.1', 'CVE-2020-7608'],
  ['y18n', '5.0.5', 'CVE-2020-7774'],
  ['ansi-regex', '6.0.1', 'CVE-2021-3807'],
  ['undici', '6.23.0', 'CVE-2026-22036, CVE-2025-22150'],
  ['picomatch', '4.0.0', 'of micromatch, CVE-2024-4067'],
  ['http-cache-semantics', '4.1.1', 'CVE-2022-25881'],
  ['brace-expansion', '2.0.2', 'CVE-2025-5889'],
  ['ip', '2.0.2', 'CVE-2024-29415'],
]

/** Published in September 2025 with stolen keys. */
export const NEVER = [
  'ansi-regex@6.2.1',
  'ansi-styles@6.2.2',
  'strip-ansi@7.1.1',
  'wrap-ansi@9.0.1',
  'debug@4.4.2',
]

/** Whether a version is before another; both are plain numbers. */
export function isBefore(version: string, other: string): boolean {
  const [one, two] = [version, other].map((text) => text.split(/[.-]/).map(Number))
  const differs = two?.findIndex((part, index) => part !== one?.[index]) ?? -1
  return differs >= 0 && (one?.[differs] ?? 0) < (two?.[differs] ?? 0)
}
