#!/usr/bin/env python3
"""Runs a command and prints what it took, as JSON: processor seconds (user and system), peak memory, and seconds by stage.

usage: measure.py [--stdout FILE] COMMAND ARGUMENT...
Its standard error is a terminal here, so that lastmile draws its bars: their names are the stages. What is used before
the first bar, a second in, or between two, is "other". Linux only: the seconds of a stage come from /proc.
"""
import collections
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# A bar's name, padded to thirty columns, then its bar, or its clock.
BAR = re.compile(r"^(\S(?:.*?\S)?) +(?:[━╸─]{30} |\d+[smhd]$)")
TICKS = os.sysconf("SC_CLK_TCK")


def seconds(pid):
    """Processor seconds of a process so far, all its threads included."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def stage_of(drawn):
    """The innermost of the bars that a piece of output draws; None where it draws none."""
    names = [BAR.match(line.rstrip()) for line in re.split(r"[\r\n]+", ESCAPE.sub("", drawn))]
    names = [name.group(1) for name in names if name]
    return names[-1] if names else None


def main():
    command, output = sys.argv[1:], os.devnull
    if command[:1] == ["--stdout"]:
        output, command = command[1], command[2:]
    if not command:
        sys.exit(__doc__.strip())
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 160, 0, 0))
    with open(output, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=theirs)
    os.close(theirs)
    stages, told = collections.defaultdict(float), []
    stage, before = "other", 0.0
    while True:
        ready, _, _ = select.select([ours], [], [], 0.2)
        try:
            drawn = os.read(ours, 65536).decode(errors="replace") if ready else ""
        except OSError:
            break
        if ready and not drawn:
            break
        now = seconds(process.pid)
        if now is not None:
            stages[stage] += now - before
            before = now
        told = (told + [drawn])[-20:]
        stage = stage_of(drawn) or ("other" if drawn.strip() else stage)
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    total = usage.ru_utime + usage.ru_stime
    stages[stage] += max(0.0, total - before)
    if code not in (0, 1):
        sys.stderr.write(ESCAPE.sub("", "".join(told))[-2000:])
    print(json.dumps({
        "exit": code,
        "seconds": round(total, 2),
        "peak_mb": round(usage.ru_maxrss / 1024, 1),
        "stages": {name: round(used, 2) for name, used in stages.items() if used >= 0.05},
    }))
    sys.exit(code if code not in (0, 1) else 0)


if __name__ == "__main__":
    main()
