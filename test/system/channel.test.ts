import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { type Channel, frameReader, openChannel, type RequestHandler } from '../../src/system/channel.ts'
import { makePipes, reopen } from '../../src/system/pipes.ts'
import { atEnd, makeDir, type Result, run, SHELL } from '../test-unit.ts'

/** What the reader makes of the chunks: each frame as its header and its arguments. */
function framesOf(chunks: readonly (string | Buffer)[]): string[][] {
  const frames: string[][] = []
  const receive = frameReader((header, args) => frames.push([header, ...args.map(String)]))
  for (const chunk of chunks) receive(Buffer.from(chunk))
  return frames
}

function frame(header: string, ...args: string[]): string {
  return `\0${header}\0${args.map((arg) => `=${arg}\0`).join('')}\0`
}

describe('a frame', () => {
  it('has a header and arguments of any kind', () => {
    const args = ['', '=', 'a b', '\n', '123', '-x', 'ü😀', "'"]
    expect(framesOf([frame('7', ...args)])).toEqual([['7', ...args]])
    expect(framesOf([frame('4000000000:3')])).toEqual([['4000000000:3']])
  })

  it('may be cut anywhere', () => {
    const bytes = Buffer.from(frame('12', 'set_flag', 'ü😀', '') + frame('13:9'))
    const expected = [['12', 'set_flag', 'ü😀', ''], ['13:9']]
    for (let at = 0; at <= bytes.length; at++) {
      expect(framesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected)
    }
    expect(framesOf([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected)
  })

  it('that ends in the middle of an argument is dropped, the next one is not', () => {
    const whole = frame('12', 'set_flag', 'flag')
    for (const end of ['\x0012', '\x0012\0=', '\x0012\0=set_flag\0=fl']) {
      expect(framesOf([end, whole])).toEqual([['12', 'set_flag', 'flag']])
    }
  })

  it.each([
    ['garbage', 'garbage'],
    ['records of garbage', 'a\0b\0\0\0=x\0'],
    ['arguments without a header', '\0=set_flag\0=x\0\0'],
    ['100,000 bytes without an end', 'x'.repeat(100_000)],
    ['100,000 bytes that begin like an argument', `\x0012\0=${'x'.repeat(100_000)}`],
    ['a frame that is too long', frame('12', ...Array.from({ length: 10_000 }, () => 'abcdefgh'))],
    ['a header that is no number', frame('1x', 'a')],
    ['the header 0', frame('0', 'a')],
    ['a negative header', frame('-1', 'a')],
    ['a header with a path', frame('1/../2', 'a')],
    ['a header without a descriptor', frame('12:', 'a')],
    ['a header with a long number', frame('12345678901', 'a')],
  ])('comes through after %s', (_, garbage) => {
    expect(framesOf([garbage, frame('12', 'a')])).toEqual([['12', 'a']])
    expect(framesOf([`${garbage}${frame('12', 'a')}`])).toEqual([['12', 'a']])
  })

  it('that never ends takes no memory', () => {
    const receive = frameReader(() => undefined)
    const chunk = Buffer.alloc(65_536, 'x')
    const many = Buffer.from('=y\0'.repeat(20_000))
    receive(Buffer.from('\x0012\0'))
    const before = process.memoryUsage()
    for (let count = 0; count < 600; count++) receive(count % 5 === 0 ? many : chunk)
    const after = process.memoryUsage()
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
    expect(grown).toBeLessThan(60_000_000)
  })
})

function listen(handle: RequestHandler): Channel {
  const channel = openChannel(handle)
  atEnd(() => channel.close())
  return channel
}

const ECHO: RequestHandler = (args) => ({ status: 0, stdout: `${args.join('|')}\n` })

/** Run a bash script that has sourced the client's side; `$channel` is the channel. */
function client(channel: Channel, script: string, words: readonly string[] = []): Promise<Result> {
  const text = `source "$1/channel.sh"; channel=$2; shift 2\n${script}`
  return run('bash', ['-c', text, 'bash', SHELL, channel.path, ...words])
}

describe('the channel', () => {
  it('answers with status, stdout and stderr', async () => {
    const channel = listen(([word]) => {
      if (word === 'out') return { status: 0, stdout: 'ü😀\nno line end' }
      if (word === 'err') return { status: 3, stderr: 'charms.reactive: no\n' }
      return { status: 255 }
    })
    const script = 'for word in out err none; do _reactive_call "$channel" $word; echo "($?)"; done'
    expect(await client(channel, script)).toEqual({
      status: 0,
      stdout: 'ü😀\nno line end(0)\n(3)\n(255)\n',
      stderr: 'charms.reactive: no\n',
    })
  })

  it('writes short replies to its own pipe, with the number of the process that has asked', async () => {
    const [answers] = makePipes(1)
    // As a here-string leaves it: a line end, and nobody who writes.
    const writer = reopen(answers, fs.constants.O_WRONLY)
    fs.writeSync(writer, '\n')
    fs.closeSync(writer)
    const channel = openChannel(
      ([word]) => (word === 'text' ? { status: 2, stderr: 'no\n' } : { status: 1 }),
      undefined,
      {
        answers,
      },
    )
    atEnd(() => channel.close())
    const script = `for word in none text; do
      printf '%s\\0' '' "123@" "=$word" '' >"$channel"
      read -r -N 14 reply <"\${channel%/*}/$1" && echo "$reply"
    done`
    expect((await client(channel, script, [`${answers}`])).stdout).toBe('123       001.\n123       002?\n')
  })

  it('tells the process that asks', async () => {
    const channel = listen((_, pid) => ({ status: 0, stdout: `${pid}\n` }))
    const script = 'echo $$; _reactive_call "$channel"; (echo $BASHPID; _reactive_call "$channel")'
    const [own, asked, sub, subAsked] = (await client(channel, script)).stdout.split('\n')
    expect([asked, subAsked]).toEqual([own, sub])
    expect(sub).not.toBe(own)
  })

  it('hands on words exactly, short and long', async () => {
    const received: string[][] = []
    const channel = listen((args) => {
      received.push(args)
      return { status: 0 }
    })
    const words = [
      '',
      ' ',
      '\n',
      '\n\n',
      '\\',
      '\\n',
      '\\\n',
      'a=b',
      '=',
      "'",
      '"',
      '*',
      'ü😀',
      '\ufeffx',
      '-n',
      '\t\r',
    ]
    const long = [...words, 'x'.repeat(900), '', '\n']
    const last = ['y'.repeat(900), '\n']
    for (const line of [words, long, last]) {
      expect(await client(channel, '_reactive_call "$channel" "$@"', line)).toMatchObject({
        status: 0,
        stderr: '',
      })
    }
    expect(received).toEqual([words, long, last])
  })

  it('carries requests and replies of hundreds of kilobytes', async () => {
    const channel = listen(([word = '']) => ({ status: 0, stdout: word }))
    const script = `word=$(printf 'ab\\\\\\n%.0s' {1..75000}); answer=$(_reactive_call "$channel" "$word")
      echo "$? \${#answer}"; [[ $answer == "$word" ]] && echo same`
    expect((await client(channel, script)).stdout).toBe('0 299999\nsame\n')
  })

  it('refuses a request that is longer than any use has', async () => {
    const channel = listen(ECHO)
    const script = `printf -v word '%17000000s' x; _reactive_call "$channel" "$word"; echo $?`
    expect(await client(channel, script)).toEqual({
      status: 0,
      stdout: '2\n',
      stderr: 'charms.reactive: the request cannot be read: longer than 16777216 bytes\n',
    })
  })

  it('gives no answer where none is wanted, reads on in order, and keeps a refusal to itself', async () => {
    const seen: string[] = []
    const refused: unknown[] = []
    const channel = openChannel(
      (args) => {
        seen.push(args.join(' '))
        return args[0] === 'bad' ? { status: 2, stderr: 'no\n' } : { status: 0, stdout: seen.join(',') }
      },
      (reply) => refused.push(reply),
    )
    atEnd(() => channel.close())
    const say = `say() { printf '%s\\0' '' "$$!" "=$1" '' >"$channel"; }`
    const script = `${say}; say one; say bad; say two; _reactive_call "$channel" three`
    expect((await client(channel, script)).stdout).toBe('one,bad,two,three')
    expect(refused).toEqual([{ status: 2, stderr: 'no\n' }])
  })

  it('refuses words that are not UTF-8', async () => {
    const channel = listen(ECHO)
    const script = `_reactive_call "$channel" a $'\\xff'; echo $?`
    const { stdout, stderr } = await client(channel, script)
    expect([stdout, stderr]).toEqual([
      '2\n',
      expect.stringMatching(/^charms\.reactive: arguments must be UTF-8: .*\n$/),
    ])
  })

  it('lets no NUL into a reply', async () => {
    const channel = listen(() => ({ status: 0, stdout: 'a\0b\n' }))
    expect((await client(channel, '_reactive_call "$channel"')).stdout).toBe('a\ufffdb\n')
  })

  it('serves eighty clients at once', async () => {
    const channel = listen(async (args) => {
      await setTimeout(5)
      return { status: 0, stdout: `${args.join()}\n` }
    })
    const script = `for client in {1..80}; do
      { answer=$(_reactive_call "$channel" "$client"); [[ $answer == "$client" ]] && echo "$client"; } &
    done; wait`
    const { stdout } = await client(channel, script)
    expect(new Set(stdout.trim().split('\n')).size).toBe(80)
  })

  it('refuses a request while a thousand wait for their answer', async () => {
    const channel = listen(([word]) => (word === 'waits' ? new Promise(() => undefined) : { status: 0 }))
    const script = `for number in {1..1000}; do printf '%s\\0' '' 4194999 =waits '' >"$channel"; done
      _reactive_call "$channel" now; echo $?`
    expect(await client(channel, script)).toEqual({
      status: 0,
      stdout: '3\n',
      stderr: 'charms.reactive: too many requests at once: 1000 wait for an answer\n',
    })
  })

  it.each([
    ['say more than is there', '99 \\nabc'],
    ['overlap', '3 -3 3 \\nabc'],
    ['are no numbers', '1e1 \\nabcdefghijkl'],
    ['do not end', '1 1 1'],
  ])('refuses a long request whose sizes %s', async (_, text) => {
    const channel = listen(ECHO)
    const script = `_reactive_at=$channel; { printf '%s\\0' '' "$BASHPID:3" '' >"$channel"; _reactive_receive; } \
      <<<'' <>/proc/self/fd/0 3< <(printf '${text}'; sleep 0.1); printf '%s' "\${_reactive_reply:1}"`
    expect((await client(channel, script)).stdout).toMatch(
      /^002!\d{8}charms\.reactive: the request cannot be read: .*\n$/,
    )
  })

  it('survives a client that is gone before its reply', async () => {
    const channel = listen(async ([word]) => {
      if (word === 'slow') await setTimeout(100)
      return { status: 0, stdout: 'x'.repeat(word === 'large' ? 1_000_000 : 10) }
    })
    const gone = `printf '%s\\0' '' "$BASHPID" '=slow' '' >"$channel"; exit`
    const cut = `{ printf '%s\\0' '' "$BASHPID" '=large' '' >"$channel"; read -r -N 2000; exit; } <<<'' <>/proc/self/fd/0`
    await client(channel, `(${gone}) & (${cut}) & wait`)
    const impossible = `printf '%s\\0' '' 4194999 '=x' '' '' "$$:77" '' >"$channel"`
    await client(channel, impossible)
    await setTimeout(150)
    expect((await client(channel, '_reactive_call "$channel" again')).status).toBe(0)
  })

  it('writes a reply to nothing but a pipe', async () => {
    const channel = listen(ECHO)
    const file = path.join(makeDir(), 'input')
    fs.writeFileSync(file, 'precious\n')
    const child = spawn('sleep', ['10'], { stdio: [fs.openSync(file, 'r+'), 'ignore', 'ignore'] })
    atEnd(() => void child.kill())
    await once(child, 'spawn')
    fs.writeFileSync(channel.path, frame(String(child.pid), 'a'))
    expect((await client(channel, '_reactive_call "$channel" again')).stdout).toBe('again\n')
    expect(fs.readFileSync(file, 'utf8')).toBe('precious\n')
  })

  it('leaves the input of its client alone', async () => {
    const channel = listen(ECHO)
    const script = `printf 'one\\ntwo\\n' | while read -r line; do _reactive_call "$channel" "$line"; done`
    expect((await client(channel, script)).stdout).toBe('one\ntwo\n')
  })

  it('has no name in the file system, and is open to its own user only', () => {
    const channel = listen(ECHO)
    expect(channel.path).toMatch(new RegExp(`^/proc/${process.pid}/fd/\\d+$`))
    expect(fs.readlinkSync(channel.path)).toMatch(/ \(deleted\)$/)
    expect(fs.statSync(channel.path).mode & 0o777).toBe(0o600)
  })

  it('that is closed makes clients fail with one line', async () => {
    const channel = openChannel(ECHO)
    channel.close()
    await setTimeout(20)
    const { status, stderr } = await client(channel, '_reactive_call "$channel" x')
    expect([status, stderr]).toEqual([
      3,
      `charms.reactive: no dispatch answers at the channel: ${channel.path}\n`,
    ])
  })
})

describe('the path of a channel that has ended', () => {
  const filesAfter = async (keep: boolean): Promise<boolean> => {
    const channel = openChannel(ECHO, undefined, { keep })
    channel.close()
    await setTimeout(50)
    const opened = Array.from({ length: 50 }, () => fs.openSync('/dev/null', 'r'))
    const isPipe = fs.existsSync(channel.path) && fs.statSync(channel.path).isFIFO()
    for (const descriptor of opened) fs.closeSync(descriptor)
    return isPipe
  }

  it('leads to no other file as long as the process lives, where that is asked for', async () => {
    expect(await filesAfter(true)).toBe(true)
    expect(await filesAfter(false)).toBe(false)
  })
})
