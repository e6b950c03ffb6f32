# Reads unit states as a program that knows nothing of the toolkit: for each directory named on stdin a line of
# JSON with what SQLite says about the file in it, and its rows without what the file says about itself and the
# record of dispatches, which a failed hook leaves as well.
import json, os, sqlite3, sys

ROWS = """SELECT key, value FROM keyv WHERE key >= 'reactive:' AND key < 'reactive;'
    AND key NOT GLOB 'reactive:meta:*'"""


def read(file):
    if not os.path.exists(file):
        return {"check": "ok", "rows": {}}
    database = sqlite3.connect(file)
    try:
        check = database.execute("PRAGMA integrity_check").fetchone()[0]
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {"check": check, "rows": dict(database.execute(ROWS)) if tables else {}}
    except sqlite3.Error as error:
        return {"check": str(error), "rows": {}}
    finally:
        database.close()


for line in sys.stdin:
    print(json.dumps(read(os.path.join(line.rstrip("\n"), "state.db"))), flush=True)
