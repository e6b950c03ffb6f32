"""Lay an archive over a charm dir, as Juju does: remove what only the old archive has, then write every entry anew.

Usage: deploy.py CHARM_DIR NEW [OLD]
"""
import os
import posixpath
import shutil
import stat
import sys
import zipfile


def names(archive):
    found = {posixpath.normpath(name) for name in archive.namelist()}
    for name in list(found):
        while name := posixpath.dirname(name):
            found.add(name)
    return found


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def write(archive, entry, target):
    mode = entry.external_attr >> 16
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if stat.S_ISDIR(mode):
        os.makedirs(target, exist_ok=True)
        return
    remove(target)
    if stat.S_ISLNK(mode):
        os.symlink(archive.read(entry).decode(), target)
        return
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode & 0o777)
    with os.fdopen(descriptor, 'wb') as out, archive.open(entry) as data:
        shutil.copyfileobj(data, out, 1 << 20)


def main(charm_dir, new, old=None):
    with zipfile.ZipFile(new) as archive:
        if old is not None:
            with zipfile.ZipFile(old) as before:
                for name in sorted(names(before) - names(archive), reverse=True):
                    remove(os.path.join(charm_dir, name))
        for entry in archive.infolist():
            write(archive, entry, os.path.join(charm_dir, entry.filename))


main(*sys.argv[1:])
