"""Mends the tag tree that the engine writes, and names the file's two standards.

The engine in its tested version (`load.TESTED_VERSION`) leaves these out, and each matters to a reader:

* ``/Lang`` on a part in another language (no engine issue found);
* running headers and footers as artifacts: it writes content that hangs on no element;
* ``/Scope`` on header cells (engine issue 2508);
* one body per list item, whatever the item holds;
* the text of Indic and South-East Asian scripts as it was written (engine issue 2841), and the logical
  order of right-to-left lines for assistive technology;
* one file that is both PDF/A-2a and PDF/UA-1 (engine issue 2783).

It also leaves the file of its colour profile open for each PDF/A; that is closed here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint import draw
from weasyprint import pdf as engine_pdf
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags
from weasyprint.pdf.stream import Stream

from ldn_print.line_breaks import strip_breaks

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_RECOMPOSED = re.compile("[\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff\u1a20-\u1aaf\ua8e0-\ua8ff\uaa60-\uaa7f]")
_SCOPES = {"row": "/Row", "rowgroup": "/Row", "col": "/Column", "colgroup": "/Column"}

# PDF/A asks that a foreign property in the metadata is described there.
_UA_METADATA = b"""<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the standard</pdfaProperty:description></rdf:li>
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>"""

_installed = False
_margin_depth = 0


def install() -> None:
    """Put the mended parts in the place of the engine's, once per process."""
    global _installed
    if _installed:
        return
    _installed = True
    tags._build_box_tree = _mend_elements(tags._build_box_tree)
    engine_pdf.add_tags = _mend_text(engine_pdf.add_tags)
    draw.draw_stacking_context = _watch_margins(draw.draw_stacking_context)
    Stream.marked = _mark_content(Stream.marked)
    engine_pdf.ColorProfile = _close_profile(engine_pdf.ColorProfile)


def finish(document: Any, pdf: Any) -> None:  # noqa: ARG001  # the engine's signature for a finisher
    """Name PDF/UA-1 beside PDF/A in the metadata, and ask printers for unscaled two-sided pages."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [metadata.stream[0].replace(b"</rdf:RDF>", _UA_METADATA + b"</rdf:RDF>")]
    pdf.catalog["ViewerPreferences"].update(
        PrintScaling="/None", Duplex="/DuplexFlipLongEdge", PickTrayByPDFSize="true"
    )


def _close_profile(make: Callable[..., Any]) -> Callable[..., Any]:
    def closing(file: Any, *rest: Any) -> Any:
        with file:
            return make(io.BytesIO(file.read()), *rest)

    return closing


def _mend_elements(build: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Wrap the function that yields the structure elements of a box."""

    def mended(box: Any, parent: Any, pdf: Any, *rest: Any) -> Iterator[Any]:
        inner = getattr(box, "_box", box)
        if isinstance(inner, boxes.MarginBox):
            return
        for item in build(box, parent, pdf, *rest):
            _mend_element(item, inner, pdf)
            yield item

    return mended


def _mend_element(item: Any, box: Any, pdf: Any) -> None:
    attributes = getattr(box.element, "attrib", {}) if box.element is not None else {}
    if attributes.get("lang") and box.element_tag not in ("html", "body"):
        item["Lang"] = pydyf.String(attributes["lang"])
    if item["S"] == "/TH" and "A" in item:
        item["A"]["Scope"] = _SCOPES.get(attributes.get("scope", "col"), "/Column")
    if item["S"] == "/LI":
        _wrap_loose_children(item, pdf)


def _wrap_loose_children(item: Any, pdf: Any) -> None:
    """Put all that stands loose in a list item into one body."""
    children = [_object(pdf, reference) for reference in item["K"]]
    loose = [child for child in children if child["S"] not in ("/Lbl", "/LBody")]
    if not loose:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "P": item.reference, "Pg": item["Pg"], "K": pydyf.Array()}
    )
    pdf.add_object(body)
    for child in loose:
        child["P"] = body.reference
        body["K"].append(child.reference)
    kept = [child.reference for child in children if child["S"] in ("/Lbl", "/LBody")]
    item["K"] = pydyf.Array([*kept, body.reference])


def _watch_margins(draw_context: Callable[..., None]) -> Callable[..., None]:
    """Wrap the drawing of a box, so that what it draws knows whether it stands in the margin."""

    def watched(stream: Any, context: Any) -> None:
        global _margin_depth
        in_margin = isinstance(context.box, boxes.MarginBox)
        _margin_depth += in_margin
        try:
            draw_context(stream, context)
        finally:
            _margin_depth -= in_margin

    return watched


def _mark_content(mark: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the marking of content: artifacts in the margin, written text for recomposed scripts."""

    @contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
        written = _written_text(box)
        if stream._tags is None or not (written or _margin_depth):
            with mark(stream, box, tag):
                yield
            return
        properties = []
        if _margin_depth:
            properties.append(("Artifact", {"Type": "/Pagination"}))
        else:
            number = len(stream._tags)
            stream._tags[box] = {"tag": tag, "mcid": number}
            written["MCID"] = number
        if written:
            properties.append((tag, written))
        for name, values in properties:
            stream.begin_marked_content(name, pydyf.Dictionary(values))
        try:
            yield
        finally:
            for _ in properties:
                stream.end_marked_content()

    return marked


def _written_text(box: Any) -> dict[str, Any]:
    """Return what a line was written as, where its glyphs do not map back to letters; else nothing.

    Only for text that runs left to right: readers put right-to-left text back in order by themselves
    and would do it twice.
    """
    if not isinstance(box, boxes.TextBox) or not _RECOMPOSED.search(box.text) or _RTL.search(box.text):
        return {}
    return {"ActualText": pydyf.String(strip_breaks(box.text))}


def _mend_text(add_tags: Callable[..., None]) -> Callable[..., None]:
    """Wrap the function that writes the tag tree: right-to-left lines get their logical order."""

    def mended(pdf: Any, document: Any, version: Any, streams: Any) -> None:
        written = [
            {
                mark["mcid"]: box.text
                for box, mark in stream._tags.items()
                if isinstance(box, boxes.TextBox) and (box.style["direction"] == "rtl" or _RTL.search(box.text))
            }
            for stream in streams
        ]
        add_tags(pdf, document, version, streams)
        numbers = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
        for page, texts in enumerate(written):
            parents = numbers[2 * page + 1]
            for number, text in texts.items():
                _write_text(pdf, parents, number, text)

    return mended


def _write_text(pdf: Any, parents: Any, number: int, text: str) -> None:
    element = _object(pdf, parents[number])
    if list(element["K"]) != [number]:  # a text directly in a link shares its element
        span = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/Span",
                "K": pydyf.Array([number]),
                "Pg": element["Pg"],
                "P": element.reference,
            }
        )
        pdf.add_object(span)
        element["K"][element["K"].index(number)] = span.reference
        parents[number] = span.reference
        element = span
    element["ActualText"] = pydyf.String(text)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
