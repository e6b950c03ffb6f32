#!/usr/bin/env python3
# Another user of the machine: looks again and again, until its input ends, into the directories that it is given
# and tries to open, read, change and replace whatever comes up there; and it reads the command lines of all
# processes. Tells at the end what it has seen, and what it could do, as JSON.
import json, os, select, sys

marker, directories = sys.argv[1].encode(), sys.argv[2:]
seen, done = {}, set()
public = {(directory, name) for directory in directories for name in os.listdir(directory)
          if os.access(os.path.join(directory, name), os.R_OK)}


def attempt(what, work):
    try:
        result = work()
        done.add(what)
        return result
    except OSError:
        return None


def close(descriptor):
    os.close(descriptor)


def look(directory):
    for name in os.listdir(directory):
        if (directory, name) in public:
            continue
        path = os.path.join(directory, name)
        seen[name] = seen.get(name, 0) + 1
        attempt("read " + name, lambda: close(os.open(path, os.O_RDONLY | os.O_NONBLOCK)))
        attempt("write " + name, lambda: close(os.open(path, os.O_WRONLY | os.O_NONBLOCK)))
        attempt("list " + name, lambda: os.listdir(path))
        attempt("remove " + name, lambda: os.unlink(path))
        attempt("rename " + name, lambda: os.rename(path, path + ".mine"))
        attempt("reach into " + name, lambda: close(os.open(path + "/channel", os.O_RDWR | os.O_NONBLOCK)))


def command_lines():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                if marker in file.read() and int(pid) != os.getpid():
                    done.add("read the command line of a process")
        except OSError:
            pass


print("ready", flush=True)
rounds = 0
while not select.select([0], [], [], 0)[0]:
    for directory in directories:
        look(directory)
    rounds += 1
    if rounds % 20 == 0:
        command_lines()
print(json.dumps({"rounds": rounds, "seen": seen, "done": sorted(done)}))
