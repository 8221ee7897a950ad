"""Finds the `glueproof` program. Starts nothing."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

PROGRAM_VARIABLE = "GLUEPROOF_PROGRAM"


class ProgramError(Exception):
    """The program is not installed where this package looks for it."""


def find_program() -> str:
    """Return the path of the program.

    The variable `GLUEPROOF_PROGRAM` comes first, then the scripts of this interpreter, then `PATH`.
    """
    named = os.environ.get(PROGRAM_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise ProgramError(f"{PROGRAM_VARIABLE} names {named}, and there is no such file")
        return named
    name = "glueproof.exe" if sys.platform == "win32" else "glueproof"
    installed = Path(sysconfig.get_path("scripts")) / name
    if installed.is_file():
        return str(installed)
    found = shutil.which("glueproof")
    if found:
        return found
    raise ProgramError(
        f"the program `glueproof` is neither in {installed.parent} nor on PATH: "
        f"install the wheel again, or name the program in {PROGRAM_VARIABLE}"
    )
