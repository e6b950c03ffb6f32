import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { terminalProgress } from '../../src/building/progress.ts'

function progress({ isTTY }: { isTTY: boolean }) {
  const written: string[] = []
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  onTestFinished(() => clock.mockRestore())
  const stream = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  return { written, clock, show: terminalProgress(stream, 'packing') }
}

describe('how far a long command is', () => {
  it('is shown on a terminal, each percent once, and goes at the end', () => {
    const { written, clock, show } = progress({ isTTY: true })
    clock.mockReturnValue(1000)
    for (const done of [0.001, 0.011, 0.019, 0.5, 1]) show?.(done)
    expect(written).toEqual(['\rpacking 0 %', '\rpacking 1 %', '\rpacking 50 %', '\r\u001b[K'])
  })

  it('is not shown of one that takes less than a second', () => {
    const { written, clock, show } = progress({ isTTY: true })
    clock.mockReturnValue(999)
    for (const done of [0, 0.5, 1]) show?.(done)
    expect(written).toEqual([])
  })

  it('is shown nowhere else', () => {
    expect(progress({ isTTY: false }).show).toBeUndefined()
  })
})
