"""Record what Alembic does on random revision graphs.

    python record.py --seed N --cases M --output FILE [--verify K]

The result is one JSON document; README.md describes it. The same seed gives
the same file, byte for byte.
"""

import argparse
import collections
import contextlib
import io
import json
import logging
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import types
import warnings
import zlib

import alembic
from alembic import command as commands
from alembic.config import Config
from alembic.runtime.migration import HeadMaintainer
from alembic.script import base as script_base
from alembic.script.revision import RevisionMap
from alembic.util import CommandError

WANTED = "1.20.1"
LIMIT = 5.0
NEW_ID = "zzznew"

# --------------------------------------------------------------------------
# Making Alembic repeatable

_normalize = RevisionMap._normalize_depends_on


def _normalize_sorted(self, revisions, map_):
    """A revision's own dependencies come out of a Python set: sort them."""
    _normalize(self, revisions, map_)
    for revision in revisions:
        revision._normalized_resolved_dependencies = tuple(
            sorted(revision._normalized_resolved_dependencies)
        )


RevisionMap._normalize_depends_on = _normalize_sorted

SALT = os.environ.get("RECORD_SALT", "")


class Revision(script_base.Script):
    """A script without a file, whose hash does not depend on its address."""

    def __hash__(self):
        return zlib.crc32((SALT + self.revision).encode())


def fake_script(id_, parents, depends_on, labels):
    module = types.ModuleType("revision_" + id_)
    module.revision = id_
    module.down_revision = tuple(parents) or None
    module.depends_on = tuple(depends_on) or None
    module.branch_labels = tuple(labels) or None

    def upgrade(**_):
        pass

    def downgrade(**_):
        pass

    module.upgrade = upgrade
    module.downgrade = downgrade
    return Revision(module, id_, "/%s.py" % id_)


class Directory(script_base.ScriptDirectory):
    """A script directory whose revisions come from a list, not from files."""

    scratch = None

    def __init__(self, revisions):
        super().__init__(Directory.scratch)
        self.revision_map = RevisionMap(
            lambda: [
                fake_script(r["id"], r["parents"], r["depends_on"], r["labels"])
                for r in revisions
            ]
        )
        self.written = None

    def _generate_template(self, src, dest, **kw):
        self.written = kw


def _script_not_read(directory, path):
    """What reading the new file back would give."""
    kw = directory.written
    down = kw["down_revision"]
    module = types.ModuleType("new")
    module.down_revision = down
    module.depends_on = kw["depends_on"]
    module.branch_labels = kw["branch_labels"]
    return Revision(module, kw["up_revision"], path)


class Any:
    """Stands for the SQL constructs that the version table's upkeep makes."""

    rowcount = 1

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kw):
        return self

    def __eq__(self, other):
        return self

    __hash__ = None


class Context:
    as_sql = False
    version_table = "alembic_version"
    _version = Any()
    impl = Any()
    dialect = Any()


# --------------------------------------------------------------------------
# Running one case


class Hang(BaseException):
    pass


def _hang(signum, frame):
    raise Hang()


def describe(error):
    text = str(error)
    name = type(error).__name__
    return "%s: %s" % (name, text) if text else name


def split_flags(arguments, *flags):
    rest = [a for a in arguments if a not in flags]
    return rest, [f in arguments for f in flags]


def upkeep(rows, steps, planned):
    """Lead the version table through the steps; (rows, crash)."""
    maintainer = HeadMaintainer(Context, rows)
    try:
        for step in steps:
            maintainer.update_to_step(step)
    except CommandError as error:
        return None, {"error": str(error), "steps": planned}
    except Exception as error:
        return None, {"crash": describe(error), "steps": planned}
    return sorted(maintainer.heads), None


def move(directory, rows, command, arguments):
    (target,) = arguments
    if command == "upgrade":
        steps = directory._upgrade_revs(target, rows)
    else:
        steps = directory._downgrade_revs(target, rows)
    planned = [step.revision.revision for step in steps]
    after, crash = upkeep(rows, steps, planned)
    return crash or {"ok": {"steps": planned, "rows": after}}


def stamp(directory, rows, arguments):
    targets, (purge,) = split_flags(arguments, "--purge")
    if purge:
        rows = ()
    steps = directory._stamp_revs(tuple(targets), rows)
    after, crash = upkeep(rows, steps, len(steps))
    return crash or {"ok": {"steps": len(steps), "rows": after}}


def history(directory, rows, arguments):
    (text,) = arguments
    low, high = text.strip().split(":")
    if high == "current":
        high = rows
    elif low == "current":
        low = rows
    found = directory.walk_revisions(base=low or "base", head=high or "heads")
    return {"ok": {"revisions": [r.revision for r in found]}}


def resolve(directory, arguments):
    (symbol,) = arguments
    found = directory.get_revisions(symbol)
    for revision in found:
        revision.log_entry  # what `show` prints; fails for what is no revision
    return {"ok": {"revisions": [r.revision for r in found]}}


def create(revisions, command, arguments):
    directory = Directory(revisions)
    rest, (splice,) = split_flags(arguments, "--splice")
    if command == "merge":
        head = rest
    else:
        head = rest[1] if rest else "head"
    directory.generate_revision(NEW_ID, None, head=head, splice=splice)
    down = directory.written["down_revision"]
    if down is None:
        down = ()
    elif isinstance(down, str):
        down = (down,)
    return {"ok": {"parents": list(down)}}


def run(revisions, directory, rows, command, arguments):
    rows = tuple(rows)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        if command in ("upgrade", "downgrade"):
            return move(directory, rows, command, arguments)
        if command == "stamp":
            return stamp(directory, rows, arguments)
        if command == "history":
            return history(directory, rows, arguments)
        if command == "resolve":
            return resolve(directory, arguments)
        return create(revisions, command, arguments)
    except Hang:
        return {"crash": "hang"}
    except CommandError as error:
        return {"error": str(error)}
    except Exception as error:
        return {"crash": describe(error)}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# --------------------------------------------------------------------------
# Facts about a graph


class Graph:
    def __init__(self, revisions):
        self.revisions = revisions
        self.directory = Directory(revisions)
        map_ = self.directory.revision_map
        self.ids = [r["id"] for r in revisions]
        scripts = [map_._revision_map[i] for i in self.ids]
        self.below = {
            s.revision: set(s._all_down_revisions) for s in scripts
        }
        self.parents = {r["id"]: r["parents"] for r in revisions}
        self.labels = {s.revision: sorted(s.branch_labels) for s in scripts}
        self.names = [n for r in revisions for n in r["labels"]]
        self.facts = {
            "heads": list(map_.heads),
            "real_heads": list(map_._real_heads),
            "bases": list(map_.bases),
            "branch_points": [s.revision for s in scripts if s.is_branch_point],
            "merge_points": [s.revision for s in scripts if s.is_merge_point],
            "labels": self.labels,
        }

    def effective(self, rows):
        seen, todo = set(), list(rows)
        while todo:
            id_ = todo.pop()
            if id_ not in seen:
                seen.add(id_)
                todo.extend(self.below[id_])
        return seen

    def normal(self, rows):
        seen = self.effective(rows)
        used = {d for id_ in seen for d in self.below[id_]}
        return sorted(seen - used)

    def members(self, name):
        return [i for i in self.ids if name in self.labels[i]]


# --------------------------------------------------------------------------
# Graphs


def rev(id_, parents=(), depends_on=(), labels=()):
    return {
        "id": id_,
        "parents": list(parents),
        "depends_on": list(depends_on),
        "labels": list(labels),
    }


def classics():
    yield [rev("aaa1"), rev("bbb2", ["aaa1"]), rev("ccc3", ["bbb2"]),
           rev("ddd4", ["ccc3"]), rev("eee5", ["ddd4"])]
    yield [rev("root"), rev("left", ["root"]), rev("rite", ["root"]),
           rev("left2", ["left"]), rev("join", ["left2", "rite"]),
           rev("tip", ["join"])]
    yield [rev("a1", (), (), ["first"]), rev("a2", ["a1"]),
           rev("a3", ["a2"]), rev("b1", (), (), ["second"]),
           rev("b2", ["b1"], ["a2"]), rev("b3", ["b2"])]
    yield [rev("trunk1"), rev("trunk2", ["trunk1"]),
           rev("east1", ["trunk2"], (), ["east"]),
           rev("east2", ["east1"]),
           rev("west1", ["trunk2"], (), ["west"]),
           rev("west2", ["west1"]), rev("west3", ["west2"])]
    yield [rev("base1"), rev("one1", ["base1"]), rev("two1", ["base1"]),
           rev("three1", ["base1"]), rev("three2", ["three1"]),
           rev("merge1", ["one1", "two1", "three2"]),
           rev("after1", ["merge1"])]
    yield [rev("m0"), rev("m1", ["m0"]), rev("m2a", ["m1"]),
           rev("m2b", ["m1"]), rev("m3", ["m2a", "m2b"], ["m0"]),
           rev("m4", ["m3"])]


def make_ids(rng, count):
    style = rng.choice(["hex", "hex", "words", "words", "letter"])
    if style == "letter":
        width = rng.choice([1, 2, 3])
        pool = ["%s%d" % (c, n) for c in "abcdefg"[:width + 2]
                for n in range(1, 8)]
        return rng.sample(pool, count)
    ids = []
    starts = ["".join(rng.choice("0123456789abcdef") for _ in range(n))
              for n in (2, 4, 5)]
    while len(ids) < count:
        if style == "hex":
            start = rng.choice(starts) if rng.random() < 0.35 else ""
            id_ = start + "".join(
                rng.choice("0123456789abcdef") for _ in range(12 - len(start))
            )
        else:
            id_ = rng.choice(["ab", "abc", "abd", "ab1", "xy", "xyz", "east",
                              "dev"])
            id_ += "".join(rng.choice("123") for _ in range(rng.randint(0, 3)))
        if id_ not in ids:
            ids.append(id_)
    return ids


LABELS = ["auth", "audit", "authors", "west", "east", "eastern", "core",
          "billing", "abcd", "db", "web", "xyzzy", "aux_1"]


def random_graph(rng):
    count = rng.choice([1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 13,
                        14])
    ids = make_ids(rng, count)
    shape = rng.choice(["line", "tree", "mixed", "mixed", "mixed", "bases"])
    chance = {
        # new base, fork, merge
        "line": (0.0, 0.0, 0.0),
        "tree": (0.04, 0.35, 0.0),
        "mixed": (0.12, 0.22, 0.25),
        "bases": (0.35, 0.10, 0.12),
    }[shape]
    revisions, above = [], {}

    def ancestors(id_):
        seen, todo = set(), [id_]
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo.extend(above[at])
        return seen

    for id_ in ids:
        heads = [r["id"] for r in revisions
                 if not any(r["id"] in other["parents"] for other in revisions)]
        earlier = [r["id"] for r in revisions]
        dice = rng.random()
        if not revisions or dice < chance[0]:
            parents = []
        elif dice < chance[0] + chance[1]:
            parents = [rng.choice(earlier)]
        elif dice < sum(chance) and len(earlier) > 1:
            wanted = rng.choice([2, 2, 2, 3])
            pool = heads if len(heads) >= 2 and rng.random() < 0.85 else earlier
            pool = rng.sample(pool, len(pool))
            parents = []
            for candidate in pool:
                if len(parents) == wanted:
                    break
                if all(candidate not in ancestors(p)
                       and p not in ancestors(candidate) for p in parents):
                    parents.append(candidate)
        else:
            parents = [rng.choice(heads)]
        above[id_] = parents
        revisions.append(rev(id_, parents))

    if rng.random() < 0.72:
        names = [n for n in LABELS if n not in ids]
        for name in rng.sample(names, rng.choice([1, 1, 2, 2, 3])):
            if rng.random() < 0.65:
                # where people put them: on bases and first in their branch
                children = collections.Counter(
                    p for r in revisions for p in r["parents"])
                pool = [r for r in revisions if not r["parents"]
                        or any(children[p] > 1 for p in r["parents"])]
            else:
                pool = revisions
            rng.choice(pool)["labels"].append(name)

    if count > 2 and rng.random() < 0.6:
        for _ in range(rng.choice([1, 1, 2, 2, 3, 4])):
            at = rng.randrange(1, count)
            revision = revisions[at]
            own = ancestors(revision["id"])
            if rng.random() < 0.75:
                pool = [r for r in revisions[:at] if r["id"] not in own]
            else:
                pool = revisions[:at]
            if not pool:
                continue
            other = rng.choice(pool)
            name = other["id"]
            if other["labels"] and rng.random() < 0.5:
                name = rng.choice(other["labels"])
            if name not in revision["depends_on"]:
                revision["depends_on"].append(name)
    return revisions


# --------------------------------------------------------------------------
# Symbols


def pick(rng, table):
    kinds = [k for k, _ in table]
    return rng.choices(kinds, [w for _, w in table])[0]


UPGRADE = [
    ("head", 6), ("heads", 6), ("new", 8), ("id", 3), ("partial", 3),
    ("+N", 9), ("label", 3), ("label@head", 5), ("label@heads", 2),
    ("label@ID", 3), ("ID@ID", 1), ("partial@ID", 1), ("label@+N", 6),
    ("ID+N", 4), ("ID-N", 3), ("head-N", 3), ("head+N", 0.4), ("base+N", 3),
    ("base-N", 0.3), ("label+N", 2), ("label-N", 1), ("label@-N", 0.6),
    ("label@ID+N", 1.5), ("label@ID-N", 1), ("base", 0.7), ("label@base", 0.6),
    ("-N", 0.6), ("unknown", 0.5), ("unknown@", 0.8), ("start of label", 1),
]
DOWNGRADE = [
    ("base", 4), ("-N", 8), ("applied", 12), ("id", 1), ("partial", 2),
    ("label@base", 4), ("label@ID", 4), ("label@-N", 6), ("ID-N", 5),
    ("ID+N", 2), ("head-N", 3), ("label-N", 2), ("label+N", 1.5),
    ("base+N", 3), ("base-N", 0.3), ("head", 0.7), ("heads", 0.7),
    ("label@head", 2), ("label@heads", 0.8), ("ID@ID", 2), ("partial@ID", 1),
    ("label", 2), ("label@+N", 0.5), ("label@ID+N", 1), ("label@ID-N", 2),
    ("head+N", 0.3), ("+N", 0.5), ("unknown", 0.4), ("unknown@", 0.8),
    ("start of label", 0.7),
]
ABSOLUTE = [
    ("head", 4), ("heads", 4), ("base", 3), ("id", 12), ("partial", 5),
    ("label", 4), ("label@head", 4), ("label@heads", 2), ("label@base", 2),
    ("label@ID", 3), ("ID@ID", 1.5), ("partial@ID", 1.5), ("-N", 1.5),
    ("label@-N", 1), ("unknown", 0.8), ("unknown@", 0.8), ("+N", 0.3),
    ("ID-N", 0.4), ("start of label", 1),
]
HEADS = [("tip", 14)] + ABSOLUTE


class Symbols:
    def __init__(self, rng, graph, rows, command):
        self.rng = rng
        self.graph = graph
        self.applied = sorted(graph.effective(rows), key=graph.ids.index)
        self.command = command
        self.table = {"upgrade": UPGRADE, "downgrade": DOWNGRADE,
                      "merge": HEADS, "revision": HEADS}.get(command, ABSOLUTE)

    def any_id(self):
        return self.rng.choice(self.graph.ids)

    def some_id(self):
        """An id which makes the command likely to succeed."""
        if self.command == "upgrade":
            return self.new()
        if self.command == "downgrade" and self.applied:
            if self.rng.random() < 0.85:
                return self.rng.choice(self.applied)
        return self.any_id()

    def new(self):
        pool = [i for i in self.graph.ids if i not in self.applied]
        return self.rng.choice(pool or self.graph.ids)

    def tip(self):
        return self.rng.choice(self.graph.facts["heads"])

    def cut(self, text):
        if self.rng.random() < 0.6:
            # the shortest beginning that only this id has
            for n in range(1, len(text) + 1):
                if not any(i != text and i.startswith(text[:n])
                           for i in self.graph.ids + self.graph.names):
                    return text[:n]
        return text[:self.rng.randint(1, len(text))]

    def number(self):
        return pick(self.rng, [(0, 1), (1, 11), (2, 6), (3, 3), (4, 1), (5, 1)])

    def branch(self):
        dice = self.rng.random()
        if not self.graph.names or dice < 0.12:
            return self.some_id()
        if dice < 0.16:
            return self.cut(self.any_id())
        if dice < 0.18:
            return self.cut(self.rng.choice(self.graph.names))
        return self.rng.choice(self.graph.names)

    def on_branch(self):
        """A branch and an id, mostly one that lies on it."""
        name = self.branch()
        pool = self.graph.members(name)
        if self.command == "downgrade":
            pool = [i for i in pool if i in self.applied] or pool
        if pool and self.rng.random() < 0.8:
            return name, self.rng.choice(pool)
        if name in self.graph.names and self.rng.random() < 0.5:
            # the trunk below the branch
            below = self.graph.effective(self.graph.members(name)[:1])
            return name, self.rng.choice(sorted(below))
        return name, self.some_id()

    def sign(self, sign):
        return "%s%d" % (sign, self.number())

    def relative(self, anchor, sign):
        return anchor + self.sign(sign)

    def make(self):
        rng = self.rng
        kind = pick(rng, self.table)
        if "label" in kind and not self.graph.names and rng.random() < 0.85:
            kind = pick(rng, [(k, w) for k, w in self.table if "label" not in k])
        if kind in ("head", "heads", "base"):
            return kind
        if kind == "new":
            return self.new()
        if kind == "applied":
            return self.some_id()
        if kind == "tip":
            return self.tip()
        if kind == "id":
            return self.any_id()
        if kind == "partial":
            return self.cut(self.some_id())
        if kind in ("+N", "-N"):
            return self.sign(kind[0])
        if kind == "label":
            return self.branch()
        if kind in ("label@head", "label@heads", "label@base"):
            return self.branch() + kind[5:]
        if kind in ("label@+N", "label@-N"):
            return self.relative(self.branch() + "@", kind[6])
        if kind == "label@ID":
            return "%s@%s" % self.on_branch()
        if kind in ("label@ID+N", "label@ID-N"):
            return self.relative("%s@%s" % self.on_branch(), kind[-2])
        if kind == "ID@ID":
            return "%s@%s" % (self.some_id(), self.some_id())
        if kind == "partial@ID":
            return "%s@%s" % (self.cut(self.some_id()), self.some_id())
        if kind in ("ID+N", "ID-N"):
            anchor = self.some_id() if rng.random() < 0.85 else \
                self.cut(self.some_id())
            if kind == "ID+N" and self.command == "upgrade":
                anchor = self.any_id()
            return self.relative(anchor, kind[2])
        if kind in ("head+N", "head-N", "base+N", "base-N"):
            return self.relative(kind[:4], kind[4])
        if kind in ("label+N", "label-N"):
            return self.relative(self.branch(), kind[5])
        if kind == "unknown":
            return rng.choice(["nosuch", "zz", "f00dfeed", self.any_id() + "9",
                               "nosuch-1", "nosuch+1"])
        if kind == "unknown@":
            return "nosuch@" + rng.choice(
                ["head", "heads", "base", "base", "-1", "+1", self.any_id(),
                 self.any_id() + "-1", self.any_id() + "+1"])
        assert kind == "start of label", kind
        return self.cut(self.branch())


def make_range(rng, graph, rows):
    symbols = Symbols(rng, graph, rows, "history")

    def low():
        kind = pick(rng, [("", 6), ("id", 8), ("partial", 2), ("base", 2),
                          ("current", 5), ("label", 1), ("label@base", 2),
                          ("label@ID", 1), ("-N", 3), ("label@-N", 0.7),
                          ("ID-N", 1), ("ID+N", 0.5), ("head", 0.5),
                          ("heads", 0.5), ("unknown", 0.3),
                          ("unknown@", 0.3)])
        return write(kind)

    def high():
        kind = pick(rng, [("", 6), ("id", 8), ("partial", 2), ("head", 3),
                          ("heads", 2), ("current", 5), ("label", 1),
                          ("label@head", 3), ("label@heads", 1),
                          ("label@ID", 1), ("+N", 2), ("ID+N", 2),
                          ("ID-N", 1), ("head-N", 1), ("-N", 0.5),
                          ("label@+N", 1), ("base", 0.4), ("base+N", 1),
                          ("unknown", 0.3)])
        return write(kind)

    def write(kind):
        if kind in ("", "current"):
            return kind
        # an id where the graph has no label to write
        symbols.table = [(kind, 1), ("id", 0.001 if "label" in kind else 0)]
        return symbols.make()

    if rng.random() < 0.4:
        # two ids that do lie above each other
        top = rng.choice(graph.ids)
        line = [top]
        while graph.parents[line[-1]]:
            line.append(rng.choice(graph.parents[line[-1]]))
        return "%s:%s" % (rng.choice(line), top)
    return "%s:%s" % (low(), high())


COMMANDS = [("upgrade", 5), ("downgrade", 5), ("stamp", 2), ("history", 2),
            ("resolve", 1), ("revision", 1), ("merge", 1)]


def make_case(rng, graph, rows):
    command = pick(rng, COMMANDS)
    if not rows and command == "downgrade" and rng.random() < 0.9:
        command = "upgrade"
    if rows and command == "upgrade" and rng.random() < 0.25:
        command = "downgrade"
    symbols = Symbols(rng, graph, rows, command)
    if command in ("upgrade", "downgrade", "resolve"):
        arguments = [symbols.make()]
    elif command == "stamp":
        arguments = [symbols.make()]
        if rng.random() < 0.22:
            arguments.append(symbols.make())
        if rng.random() < 0.18:
            arguments.insert(0, "--purge")
    elif command == "history":
        arguments = [make_range(rng, graph, rows)]
    elif command == "revision":
        arguments = []
        if rng.random() < 0.8:
            arguments = ["--head", symbols.make()]
            if rng.random() < 0.4:
                arguments.append("--splice")
    else:
        heads = graph.facts["heads"]
        if len(heads) > 1 and rng.random() < 0.6:
            arguments = rng.sample(heads, rng.randint(2, min(3, len(heads))))
        else:
            arguments = [symbols.make()
                         for _ in range(rng.choice([1, 2, 2, 2, 3]))]
        if rng.random() < 0.3:
            arguments.insert(0, "--splice")
    return command, arguments


# --------------------------------------------------------------------------
# Walking


def record(seed, wanted):
    rng = random.Random(seed)
    graphs, cases = [], []
    fixed = list(classics())
    while len(cases) < wanted:
        number = len(graphs)
        if fixed:
            revisions = fixed.pop(0)
            length = 8
        else:
            revisions = random_graph(rng)
            rng.shuffle(revisions)
            length = rng.randint(5, 8)
        graph = Graph(revisions)
        graphs.append({"revisions": revisions, "facts": graph.facts})
        rows = []
        for _ in range(min(length, wanted - len(cases))):
            command, arguments = make_case(rng, graph, rows)
            outcome = run(revisions, graph.directory, rows, command, arguments)
            cases.append({"graph": number, "rows": rows, "command": command,
                          "arguments": arguments, "outcome": outcome})
            after = outcome.get("ok", {}).get("rows")
            if after is not None:
                if after != graph.normal(after):
                    outcome["ok"]["abnormal"] = True
                    after = []
                rows = after
            elif "crash" in outcome:
                rows = []
    return {"alembic": alembic.__version__, "seed": seed, "graphs": graphs,
            "cases": cases}


def replay(document, backwards):
    """The outcomes of a document's cases, again."""
    built = {}
    for case in document["cases"]:
        number = case["graph"]
        if number not in built:
            built = {number: Graph(document["graphs"][number]["revisions"])}
        graph = built[number]
        rows = case["rows"][::-1] if backwards else case["rows"]
        outcome = run(graph.revisions, graph.directory, rows,
                      case["command"], case["arguments"])
        after = outcome.get("ok", {}).get("rows")
        if after is not None and after != graph.normal(after):
            outcome["ok"]["abnormal"] = True
        yield {"facts": graph.facts, "outcome": outcome}


def mark_unstable(document):
    """Mark the cases in which Alembic's answer is a matter of chance.

    "unstable": it depends on hash seeds; "row_order": it depends on the order
    in which the database returns the rows of the version table.
    """
    found = []
    for seed, flag in (("1", "unstable"), ("2", "unstable"),
                       ("3", "unstable"), ("0", "row_order")):
        environment = dict(os.environ, PYTHONHASHSEED=seed)
        if flag == "unstable":
            environment["RECORD_SALT"] = seed
        done = subprocess.run(
            [sys.executable, os.path.abspath(__file__), "--replay", flag],
            input=json.dumps(document).encode(), stdout=subprocess.PIPE,
            env=environment, check=True,
        )
        again = json.loads(done.stdout)
        for case, other in zip(document["cases"], again, strict=True):
            if other["facts"] != document["graphs"][case["graph"]]["facts"]:
                raise SystemExit("facts depend on the hash seed: graph %d"
                                 % case["graph"])
            if other["outcome"] != case["outcome"]:
                case[flag] = True
                found.append((flag, case, other["outcome"]))
    return found


def write(document, path):
    def line(value):
        return json.dumps(value, separators=(",", ":"))

    with open(path, "w") as out:
        out.write('{"alembic":%s,"seed":%d,\n'
                  % (line(document["alembic"]), document["seed"]))
        out.write('"graphs":[\n')
        out.write(",\n".join(line(g) for g in document["graphs"]))
        out.write('\n],\n"cases":[\n')
        out.write(",\n".join(line(c) for c in document["cases"]))
        out.write("\n]}\n")


def summary(document):
    count = collections.Counter()
    for case in document["cases"]:
        outcome = case["outcome"]
        kind = next(iter(outcome))
        count[case["command"], kind] += 1
        if outcome.get("ok") and outcome["ok"].get("abnormal"):
            count[case["command"], "abnormal"] += 1
        for flag in ("unstable", "row_order"):
            if case.get(flag):
                count[case["command"], flag] += 1
    kinds = ("ok", "error", "crash", "abnormal", "unstable", "row_order")
    lines = ["%-10s" % "" + "".join("%10s" % k for k in kinds)]
    for command, _ in COMMANDS:
        lines.append("%-10s" % command + "".join(
            "%10d" % count[command, k] for k in kinds))
    lines.append("%d graphs, %d cases" % (len(document["graphs"]),
                                          len(document["cases"])))
    return "\n".join(lines)


# --------------------------------------------------------------------------
# The same through the real commands, on SQLite

ENVIRONMENT = """\
from alembic import context
from sqlalchemy import create_engine, pool
engine = create_engine(context.config.attributes["url"],
                       poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

FILE = """\
revision = %r
down_revision = %r
depends_on = %r
branch_labels = %r
def upgrade():
    pass
def downgrade():
    pass
"""

TEMPLATE = """\
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
depends_on = ${repr(depends_on)}
branch_labels = ${repr(branch_labels)}
"""


def read_rows(path):
    with contextlib.closing(sqlite3.connect(path)) as db:
        try:
            return sorted(r[0] for r in db.execute(
                "select version_num from alembic_version"))
        except sqlite3.OperationalError:
            return []


class Steps(logging.Handler):
    def __init__(self):
        super().__init__(logging.INFO)
        self.seen = []

    def emit(self, entry):
        text = entry.getMessage()
        if text.startswith("Running upgrade "):
            self.seen.append(text.split(" -> ")[1])
        elif text.startswith("Running downgrade "):
            self.seen.append(text[len("Running downgrade "):].split(" -> ")[0])
        elif text.startswith("Running stamp"):
            self.seen.append("stamp")


def real(revisions, case, folder):
    """One case through alembic.command: outcome and rows afterwards."""
    os.makedirs(os.path.join(folder, "versions"))
    for number, r in enumerate(revisions):
        name = "%03d_%s.py" % (number, r["id"])
        with open(os.path.join(folder, "versions", name), "w") as out:
            out.write(FILE % (r["id"], tuple(r["parents"]) or None,
                              tuple(r["depends_on"]) or None,
                              tuple(r["labels"]) or None))
    with open(os.path.join(folder, "env.py"), "w") as out:
        out.write(ENVIRONMENT)
    with open(os.path.join(folder, "script.py.mako"), "w") as out:
        out.write(TEMPLATE)
    path = os.path.join(folder, "db.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("create table alembic_version (version_num varchar(32) not "
                   "null, constraint alembic_version_pkc "
                   "primary key (version_num))")
        for row in case["rows"]:
            db.execute("insert into alembic_version values (?)", [row])
        db.commit()

    printed = io.StringIO()
    config = Config(stdout=printed)
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = "sqlite:///" + path
    handler = Steps()
    log = logging.getLogger("alembic.runtime.migration")
    log.setLevel(logging.INFO)
    log.propagate = False
    log.addHandler(handler)

    command, arguments = case["command"], case["arguments"]
    rest, (purge, splice) = split_flags(arguments, "--purge", "--splice")
    quiet = contextlib.redirect_stdout(io.StringIO())
    try:
        with quiet:
            if command == "upgrade":
                commands.upgrade(config, rest[0])
            elif command == "downgrade":
                commands.downgrade(config, rest[0])
            elif command == "stamp":
                commands.stamp(config, rest, purge=purge)
            elif command == "history":
                commands.history(config, rest[0])
            elif command == "resolve":
                commands.show(config, rest[0])
            elif command == "merge":
                new = commands.merge(config, rest, splice=splice,
                                     rev_id=NEW_ID)
            else:
                new = commands.revision(config, splice=splice, rev_id=NEW_ID,
                                        head=rest[1] if rest else "head")
        after = read_rows(path)
        if command in ("upgrade", "downgrade"):
            ok = {"steps": handler.seen, "rows": after}
        elif command == "stamp":
            ok = {"steps": len(handler.seen), "rows": after}
        elif command == "history":
            ok = {"revisions": re.findall(r"(?m) -> (\w+)", printed.getvalue())}
        elif command == "resolve":
            ok = {"revisions": re.findall(r"(?m)^Rev: (\w+)",
                                          printed.getvalue())}
        else:
            down = new.down_revision
            down = () if down is None else (
                (down,) if isinstance(down, str) else down)
            ok = {"parents": list(down)}
        outcome = {"ok": ok}
    except CommandError as error:
        outcome = {"error": str(error)}
    except Exception as error:
        outcome = {"crash": describe(error)}
    finally:
        log.removeHandler(handler)
    return outcome, read_rows(path), handler.seen


def verify(document, wanted):
    """Compare `wanted` cases of each kind of command with the real ones."""
    rng = random.Random(document["seed"])
    groups = (("upgrade", "downgrade", "stamp"),
              ("history", "resolve", "revision", "merge"))
    bad = 0
    for group in groups:
        pool = [c for c in document["cases"] if c["command"] in group]
        chosen = rng.sample(pool, min(wanted, len(pool)))
        agreed = collections.Counter()
        for case in chosen:
            revisions = document["graphs"][case["graph"]]["revisions"]
            folder = tempfile.mkdtemp()
            try:
                outcome, after, seen = real(revisions, case, folder)
            finally:
                shutil.rmtree(folder)
            expected = json.loads(json.dumps(case["outcome"]))
            expected.get("ok", {}).pop("abnormal", None)
            steps = expected.pop("steps", None)
            fine = outcome == expected
            if "ok" in expected:
                fine = fine and after == expected["ok"].get("rows",
                                                            case["rows"])
            elif steps is None and "--purge" not in case["arguments"]:
                # nothing ran, nothing changed
                fine = fine and after == case["rows"] and not seen
            elif isinstance(steps, list):
                # stopped half way: what did run was the plan's beginning
                fine = fine and seen == steps[:len(seen)]
            if not fine and case.get("unstable"):
                agreed["unstable"] += 1
            elif fine:
                agreed[next(iter(expected))] += 1
            else:
                bad += 1
                print("DIFFERENT", json.dumps(case), "real:",
                      json.dumps([outcome, after, seen]), file=sys.stderr)
        print("verified %s: %d cases, the same: %s" % (
            "/".join(group), len(chosen),
            ", ".join("%s %d" % item for item in sorted(agreed.items()))),
            file=sys.stderr)
    return bad


# --------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int)
    parser.add_argument("--cases", type=int)
    parser.add_argument("--output")
    parser.add_argument("--verify", type=int, default=0, metavar="K")
    parser.add_argument("--replay", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.replay:
        if None in (options.seed, options.cases, options.output):
            parser.error("--seed, --cases and --output are needed")
        if os.environ.get("PYTHONHASHSEED") != "0" or SALT:
            os.environ["PYTHONHASHSEED"] = "0"
            os.environ.pop("RECORD_SALT", None)
            os.execv(sys.executable, [sys.executable] + sys.argv)
    if alembic.__version__ != WANTED:
        parser.error("alembic %s is installed, %s is wanted"
                     % (alembic.__version__, WANTED))

    signal.signal(signal.SIGALRM, _hang)
    warnings.simplefilter("ignore")
    logging.getLogger("alembic").setLevel(logging.ERROR)
    read_back = script_base.Script.__dict__["_from_path"]
    Directory.scratch = tempfile.mkdtemp()
    os.mkdir(os.path.join(Directory.scratch, "versions"))
    try:
        script_base.Script._from_path = staticmethod(_script_not_read)
        if options.replay:
            print(json.dumps(list(replay(json.load(sys.stdin),
                                         options.replay == "row_order"))))
            return 0
        document = record(options.seed, options.cases)
        unstable = mark_unstable(document)
    finally:
        script_base.Script._from_path = read_back
        shutil.rmtree(Directory.scratch)

    write(document, options.output)
    print(summary(document), file=sys.stderr)
    for flag, case, other in unstable:
        if flag == "unstable":
            print("unstable:", json.dumps(case), "or", json.dumps(other),
                  file=sys.stderr)
    return 1 if verify(document, options.verify) else 0


if __name__ == "__main__":
    sys.exit(main())
