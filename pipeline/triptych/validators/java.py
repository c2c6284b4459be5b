"""Run a validator written in Java: find the machine, build the command, take the answer.

In: a class path, and a main class or a single source file (JEP 330). Out: what it printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from triptych.validators.process import ProgramOutput, program, run
from triptych.validators.verdict import ValidatorMissing

OLDEST = 17
REMEDY = f"Install a Java development kit, version {OLDEST} or later (openjdk-17-jdk-headless)."

# A validation is short, and most time goes into starting: compile little, collect simply.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
# It keeps to what the system lets it take, and to its working folder.
MODEST = ("-Xmx1g", "-XX:-UsePerfData", "-Djava.io.tmpdir=.", "-Duser.home=.")
# Grammars of HTML and deep documents recurse: the usual megabyte is not enough for vnu.
ROOMY = ("-Xss8m",)
# Two properties: since Java 18 (JEP 400) the printed encoding is not the default one.
UTF_8 = ("-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8")


SETTINGS = tuple(Path("/etc").glob("java-*"))
"""What Debian keeps apart from Java itself."""


@cache
def java(tool: str) -> Path:
    """Return the `java` command, if it is new enough to run a source file.

    Raises:
        ValidatorMissing: there is no Java, it is too old, or it has no compiler.
    """
    command = program("java", f"Java, for {tool}", REMEDY)
    program("javac", f"Java's compiler, for {tool}", REMEDY)
    said = run("Java", [command, "-version"], timeout=60, reads=SETTINGS).stderr
    number = re.search(r'version "(?:1\.)?(\d+)', said)
    if number is None or int(number[1]) < OLDEST:
        raise ValidatorMissing(f"Java {OLDEST}, for {tool}", REMEDY)
    return command


def run_java(
    tool: str,
    class_path: Sequence[Path],
    main: Sequence[str | Path],
    *,
    timeout: float,
    reads: Sequence[Path],
    properties: Sequence[str] = (),
) -> ProgramOutput:
    """Run a Java program once.

    Args:
        tool: the name to use in messages.
        class_path: jars.
        main: a class name or a `.java` source file, then its arguments.
        timeout: seconds it may take.
        reads: the documents.
        properties: of the Java machine, each as `-Dname=value`.

    Raises:
        ValidatorMissing: there is no usable Java.
        ValidatorFailed: the program failed or ran out of time.
    """
    jars = ":".join(str(jar) for jar in class_path)
    settings = [*QUICK, *ROOMY, *MODEST, *UTF_8, *properties]
    command = [java(tool), *settings, "-cp", jars, *main]
    own = [jar.parent for jar in class_path] + [word for word in main if isinstance(word, Path)]
    return run(tool, command, timeout=timeout, reads=[*SETTINGS, *own, *reads])
