"""brine beside picklescan, modelscan, fickling and modelaudit on the same files: the table of docs/scanners.md.

    python oracle/scan/compare.py malicious harmless results.json --brine "node packages/cli/dist/main.js" \\
        --scanners PYTHON --modelscan PYTHON --modelaudit PYTHON [--only NAME]
    python oracle/scan/compare.py --write results.json

The first two are folders of files (malicious.py, harmless.py). PYTHON is the interpreter of a virtualenv: of one with
picklescan and fickling, and of those of the other two, which need versions of their own. Each scanner judges every file
by its own library, in one process, with the clock on it: start-up, which costs their commands from half a second to
several, is not counted. brine is run as a command, once for each folder. Results are added to what the file has, so that
slow scanners can be run alone.
"""

import argparse
import contextlib
import io
import json
import logging
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def picklescan(strict):
    from picklescan.scanner import scan_file_path

    def judge(path):
        result = scan_file_path(path, strict=strict)
        if result.infected_files > 0 or result.issues_count > 0:
            return "flagged"
        return "error" if result.scan_err else "passed" if result.scanned_files else "skipped"

    return judge


def fickling():
    from fickling.analysis import Severity
    from fickling.loader import scan_file

    def judge(path):
        result = scan_file(path, graceful=True)
        if result.severity > Severity.LIKELY_SAFE:
            return "flagged"
        return "error" if result.errors else "passed"

    return judge


def modelscan():
    from modelscan.modelscan import ModelScan

    def judge(path):
        summary = ModelScan().scan(path)
        counts = summary["summary"]
        if counts["total_issues"] > 0:
            return "flagged"
        if summary.get("errors"):
            return "error"
        return "passed" if counts["scanned"]["total_scanned"] else "skipped"

    return judge


def modelaudit():
    from modelaudit.core import scan_model_directory_or_file

    def judge(path):
        result = scan_model_directory_or_file(path, cache_enabled=False)
        severities = {str(getattr(issue.severity, "value", issue.severity)) for issue in result.issues}
        if severities & {"critical", "warning", "error"}:
            return "flagged"
        return "passed" if result.files_scanned else "skipped"

    return judge


SCANNERS = {
    "picklescan": ("picklescan", lambda: picklescan(False)),
    "picklescan --strict": ("picklescan", lambda: picklescan(True)),
    "fickling": ("fickling", fickling),
    "modelscan": ("modelscan", modelscan),
    "modelaudit": ("modelaudit", modelaudit),
}


def worker(name):
    """Judges the files listed on standard input; prints a line of JSON for each."""
    from importlib.metadata import version

    logging.disable(logging.CRITICAL)
    package, make = SCANNERS[name]
    judge = make()
    print(json.dumps({"version": version(package)}), flush=True)
    for path in sys.stdin.read().splitlines():
        started = time.perf_counter()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                verdict = judge(path)
        except Exception:
            verdict = "error"
        print(json.dumps({"path": path, "verdict": verdict, "seconds": time.perf_counter() - started}), flush=True)


def run(python, name, paths, seconds=60):
    """Runs a worker; one that hangs on a file for so long is started again behind it."""
    import selectors

    found = {}
    version = "?"
    left = [str(path) for path in paths]
    environment = {**os.environ, "PROMPTFOO_DISABLE_TELEMETRY": "1", "NO_ANALYTICS": "1", "OMP_NUM_THREADS": "1"}
    while left:
        process = subprocess.Popen([python, __file__, "--worker", name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True, env=environment)
        process.stdin.write("\n".join(left))
        process.stdin.close()
        watched = selectors.DefaultSelector()
        watched.register(process.stdout, selectors.EVENT_READ)
        while left:
            if not watched.select(timeout=seconds if found or version != "?" else 4 * seconds):
                found[left.pop(0)] = {"verdict": "timeout", "seconds": seconds}
                break
            line = process.stdout.readline()
            if not line:
                found[left.pop(0)] = {"verdict": "error", "seconds": 0.0}
                break
            answer = json.loads(line)
            if "version" in answer:
                version = answer["version"]
                continue
            found[answer["path"]] = answer
            left.remove(answer["path"])
        process.kill()
        process.wait()
    return version, found


def brine(command, folder):
    """One command for the folder; what it says of each file."""
    started = time.perf_counter()
    done = subprocess.run([*command.split(), "scan", str(folder), "--format", "json"], capture_output=True, text=True)
    took = time.perf_counter() - started
    words = {"clean": "passed", "dangerous": "flagged"}
    return took, {Path(each["file"]).name: words.get(each["verdict"], each["verdict"]) for each in json.loads(done.stdout)["files"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--write", metavar="RESULTS")
    parser.add_argument("--brine")
    parser.add_argument("--scanners")
    parser.add_argument("--modelscan")
    parser.add_argument("--modelaudit")
    parser.add_argument("--only")
    parser.add_argument("--worker")
    parser.add_argument("--every", type=int, default=1, help="only one file in so many, for scanners that take long")
    options = parser.parse_args()
    if options.worker:
        worker(options.worker)
        return
    if options.write:
        write(json.loads(Path(options.write).read_text()))
        return
    malicious, harmless, results = map(Path, options.folders)
    pythons = {"picklescan": options.scanners, "picklescan --strict": options.scanners, "fickling": options.scanners,
               "modelscan": options.modelscan, "modelaudit": options.modelaudit}
    files = [("malicious", path) for path in sorted(malicious.rglob("*")) if path.is_file()]
    files += [("harmless", path) for path in sorted(harmless.rglob("*")) if path.is_file()]
    answers = json.loads(results.read_text()) if results.exists() else {"tools": {}}
    answers["date"] = str(date.today())
    answers["files"] = {kind: sum(1 for k, _ in files if k == kind) for kind in ("malicious", "harmless")}
    files = files[:: options.every]
    if options.brine:
        verdicts, took = {}, {}
        for kind, folder in (("malicious", malicious), ("harmless", harmless)):
            took[kind], found = brine(options.brine, folder)
            verdicts.update({f"{kind}/{name}": verdict for name, verdict in found.items()})
        version = json.loads((ROOT / "packages/cli/package.json").read_text())["version"]
        seconds = sum(took.values()) / len(files)
        answers["tools"]["brine"] = {"version": version, "seconds": round(seconds, 4), "verdicts": verdicts}
        print(f"brine {version}: {seconds:.4f} s a file")
    for name, python in pythons.items():
        if python is None or (options.only and options.only != name):
            continue
        version, found = run(python, name, [path for _, path in files])
        verdicts = {f"{kind}/{path.name}": found[str(path)]["verdict"] for kind, path in files}
        seconds = sum(each["seconds"] for each in found.values()) / len(files)
        answers["tools"][name] = {"version": version, "every": options.every, "seconds": round(seconds, 4), "verdicts": verdicts}
        results.write_text(json.dumps(answers, indent=0))
        print(f"{name} {version}: {seconds:.4f} s a file", flush=True)
    results.write_text(json.dumps(answers, indent=0))


WORDS = ["flagged", "incomplete", "unknown", "passed", "skipped", "error", "timeout"]


def count(verdicts, kind):
    found = {}
    for key, verdict in verdicts.items():
        if key.startswith(kind + "/"):
            found[verdict] = found.get(verdict, 0) + 1
    return found


def spoken(found):
    return ", ".join(f"{found[word]} {word}" for word in WORDS if found.get(word))


def write(answers):
    lines = [
        f"Measured {answers['date']} on {answers['files']['malicious']} malicious and {answers['files']['harmless']} harmless files.",
        "",
        "| scanner | malicious files kept out | let in or not looked at | harmless files let in | alarmed about or not read | s a file |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    # What was measured in another run, on files that are no longer among them, does not count.
    common = set(answers["tools"]["brine"]["verdicts"])
    for tool in answers["tools"].values():
        tool["verdicts"] = {key: verdict for key, verdict in tool["verdicts"].items() if key in common}
    order = ["brine", "picklescan", "picklescan --strict", "modelscan", "fickling", "modelaudit"]
    for name in order:
        if name not in answers["tools"]:
            continue
        tool = answers["tools"][name]
        bad, good = count(tool["verdicts"], "malicious"), count(tool["verdicts"], "harmless")
        kept = sum(bad.get(word, 0) for word in ("flagged", "incomplete", "unknown"))
        missed = {word: bad[word] for word in ("passed", "skipped", "error", "timeout") if bad.get(word)}
        alarmed = {word: good[word] for word in ("flagged", "incomplete", "unknown", "skipped", "error", "timeout") if good.get(word)}
        detail = f" ({spoken({w: bad[w] for w in ('flagged', 'incomplete', 'unknown') if bad.get(w)})})" if name == "brine" else ""
        every = tool.get("every", 1)
        label = f"{name} {tool['version']}" + (f" (every {every}rd file: {sum(bad.values())} and {sum(good.values())})" if every > 1 else "")
        lines.append(
            f"| {label} | {kept}{detail} | {spoken(missed) or '0'} | {good.get('passed', 0)} | {spoken(alarmed) or '0'} | {tool['seconds']:.3f} |"
        )
    page = ROOT / "docs/scanners.md"
    text = page.read_text()
    start, end = "<!-- table: oracle/scan/compare.py -->", "<!-- end -->"
    before, rest = text.split(start)
    page.write_text(before + start + "\n\n" + "\n".join(lines) + "\n\n" + end + rest.split(end)[1])
    print("\n".join(lines))


main()
