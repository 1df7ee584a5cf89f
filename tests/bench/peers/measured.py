"""measured.py CPU REPORT COMMAND...: runs a command on one processor and writes what it took to REPORT, as JSON.

A process of its own, with nothing loaded, because Linux counts the memory of whoever starts a process as that process's
peak until it has more: started by the harness, every small tool would seem as large as the harness.
"""

import json
import os
import sys
import time


def main():
    cpu, report, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    begin = time.monotonic()
    pid = os.posix_spawnp("taskset", ["taskset", "-c", cpu, *command], os.environ)
    _, status, usage = os.wait4(pid, 0)
    took = {
        "exit": os.waitstatus_to_exitcode(status),
        "wall_s": time.monotonic() - begin,
        "user_s": usage.ru_utime,
        "system_s": usage.ru_stime,
        "peak_mb": usage.ru_maxrss * 1024 / 1e6,
    }
    with open(report, "w", encoding="utf-8") as file:
        json.dump(took, file)


main()
