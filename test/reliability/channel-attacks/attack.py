#!/usr/bin/env python3
# Attacks on the channel, by a process of the unit's own user: attack.py KIND COUNT SEED. What was answered goes to
# the file `answers`, a line for each. The PIDs in headers are its own, or such as no process has: an answer goes
# to descriptor 0 of whoever is named, and nobody else on this machine shall get one.
import json, os, random, signal, socket, sys, tempfile, threading, time

kind, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
channel = os.environ["CHARMS_REACTIVE_CHANNEL"]
choose = random.Random(seed)
NOBODY = 4194999
out = os.open(channel, os.O_WRONLY)
dispatch = channel.split("/")[2]


def frame(header, *words):
    return b"\0%s\0" % str(header).encode() + b"".join(b"=%s\0" % word.encode() for word in words) + b"\0"


def say(data):
    os.write(out, data)


def own_pipe():
    """Put a pipe on descriptor 0, as a client does."""
    read, write = os.pipe()
    os.dup2(read, 0)
    os.set_blocking(0, False)
    return read, write


def answer(seconds=10.0):
    """The answer to a request as far as it comes."""
    data, end = b"", time.time() + seconds
    while time.time() < end:
        try:
            data += os.read(0, 65536)
            if data[3:4] == b"." or (len(data) >= 12 and len(data) == 12 + int(data[4:12])):
                break
        except BlockingIOError:
            time.sleep(0.002)
    return data.decode()


def garbage(length):
    """Bytes of any kind but the digits that make a PID of somebody else."""
    return bytes(choose.choice(b"\0\0\0==\n:!0 a\xff\xfe\x80-") if choose.random() < 0.5 else choose.randrange(58, 256)
                 for _ in range(length))


def random_bytes():
    own = frame(os.getpid(), "is_flag_set", "x" * 50)
    for _ in range(count):
        if choose.random() < 0.5:
            say(garbage(choose.randrange(1, 4096)))
            continue
        # A frame with changed, missing and doubled bytes behind its header.
        body = bytearray(own)
        start = own.index(b"\0", 1) + 1
        for _ in range(choose.randrange(1, 6)):
            at = choose.randrange(start, len(body))
            body[at:at + choose.randrange(2)] = garbage(choose.randrange(3))
        say(bytes(body))


def truncated():
    whole = frame(os.getpid(), "set_flag", "cut")
    # Cut behind the header it is a request without words, whose answer, the help, takes its time to make.
    ends = [end for end in range(1, len(whole)) if end != whole.index(b"\0", 1) + 1]
    for _ in range(count):
        say(whole[:choose.choice(ends)])


def long_records():
    """What never ends: a megabyte of one argument, of many arguments, of no frame at all, over and over."""
    say(b"\0%d\0" % os.getpid())
    for number in range(count):
        say([b"=" + b"x" * 4000, b"=y\0" * 1000, b"x" * 4096][number * 3 // count])
    say(b"\0")


def other_headers():
    for number in range(count):
        digits = choose.choice([NOBODY, NOBODY + choose.randrange(90000), "0", "-1", "00%d" % os.getpid(), "99999999999",
                                "%d:" % os.getpid(), "%d:99999" % os.getpid(), "%d:-1" % os.getpid(), "self", "*",
                                "%d/../1" % os.getpid(), "4294967296", "%s:%d" % (dispatch, choose.randrange(40))])
        say(frame(digits, "set_flag", "other"))


def references():
    """Long requests that lie about their sizes, or whose descriptor is something else."""
    own_pipe()
    hanging, endless = os.pipe(), os.pipe()
    threading.Thread(target=pump, args=(endless[1],), daemon=True).start()
    left, _right = socket.socketpair()
    cases = {
        "4 GB": stored(b"4294967296 \nx"), "99 MB": stored(b"99999999 \nx"), "one byte too many": stored(b"3 2 \nabcd"),
        "negative": stored(b"-1 5 \nabcde"), "overlapping": stored(b"15000000 -15000000 " * 20000 + b"\n" + b"x" * 15000000),
        "exponent": stored(b"1e3 \n" + b"x" * 2000), "infinite": stored(b"Infinity \nx"), "no number": stored(b"a \nx"),
        "no sizes": stored(b"x" * 1000), "empty": stored(b""), "8 million words": stored(b"0 " * 8000000 + b"\n"),
        "17 MB": stored(b"1 \n" + b"x" * 17000000), "4 GB without content": sparse(), "no end": os.open("/dev/zero", os.O_RDONLY),
        "directory": os.open("/", os.O_RDONLY), "socket": left.fileno(), "closed": 99, "nothing yet": hanging[0],
        "endless": endless[0],
    }
    for _ in range(count):
        for name, descriptor in cases.items():
            say(frame("%d:%d" % (os.getpid(), descriptor)))
            note(name, answer())


def stored(data):
    file = tempfile.TemporaryFile()
    file.write(data)
    file.flush()
    keep.append(file)
    return file.fileno()


def sparse():
    descriptor = stored(b"1 \n")
    os.ftruncate(descriptor, 4 << 30)
    return descriptor


def pump(descriptor):
    while True:
        os.write(descriptor, b"1 " * 2000)


def note(name, text):
    with open("answers", "a") as file:
        file.write(json.dumps([name, text]) + "\n")


def stopping_clients():
    """Clients that ask for much and then stop, in each of the ways."""
    ways = ["stop", "kill", "close", "half"]
    children = []
    for number in range(count):
        child = os.fork()
        if child == 0:
            stop_as(ways[number % len(ways)])
        children.append(child)
    with open("stopped", "w") as file:
        file.write(" ".join(map(str, children)))
    time.sleep(1.5)
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(child, 0)


def stop_as(way):
    own_pipe()
    say(frame(os.getpid(), "kv", "range", ""))
    if way == "half":
        os.set_blocking(0, True)
        os.read(0, 3000)
    if way == "close":
        os.close(0)
    os.kill(os.getpid(), signal.SIGKILL if way == "kill" else signal.SIGSTOP)
    os._exit(0)


def unread():
    """One process that asks on and on, and reads no answer."""
    own_pipe()
    for _ in range(count):
        say(frame(os.getpid(), "kv", "range", ""))
    stay()


def stay():
    """Do not end before all is answered: what waits for a process that is gone is dropped."""
    child = os.fork()
    if child == 0:
        own_pipe()
        say(frame(os.getpid(), "is_flag_set", "last"))
        os._exit(0 if answer(100) == "001." else 1)
    if os.waitpid(child, 0)[1] != 0:
        sys.exit(1)
    time.sleep(0.5)


def flood():
    """Requests as fast as they go: without an answer, and with one that is never read."""
    own_pipe()
    for number in range(count):
        say(frame("%d%s" % (os.getpid(), "!" if number % 2 else ""), "is_flag_set" if number % 2 == 0 else "set_flag", "flood"))
    stay()


def slow_requests():
    """Requests whose answers take time, as many at once as go."""
    own_pipe()
    for _ in range(count):
        say(frame(os.getpid(), "state", "show"))
    stay()


def words_of_others():
    """What the library says of its own processes, said by somebody else."""
    words = ["_next", "_loaded", "_register", "_ended", "_failed", "_returned", "_source", "_unknown", "_guard", "_each", "_what"]
    own_pipe()
    for number in range(count):
        word = words[number % 2] if number < 20 else choose.choice(["_next", "_loaded", "_guard", "_each", "_what"])
        say(frame(os.getpid(), word, str(choose.randrange(4)), *["0", "x"][:choose.randrange(1, 3)]))


def nothing():
    pass


keep = []
signal.alarm(300)
{name: work for name, work in globals().items() if callable(work)}[kind]()
