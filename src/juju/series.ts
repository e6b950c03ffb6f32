// The names that Juju had for releases of Linux before it had bases, and still uses in charms of that time.

/** Bases by the series that stood for them. */
export const SERIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    trusty: 'ubuntu@14.04',
    xenial: 'ubuntu@16.04',
    bionic: 'ubuntu@18.04',
    focal: 'ubuntu@20.04',
    jammy: 'ubuntu@22.04',
    noble: 'ubuntu@24.04',
    questing: 'ubuntu@25.10',
    resolute: 'ubuntu@26.04',
    centos7: 'centos@7',
    centos8: 'centos@8',
    centos9: 'centos@9',
  }),
)
