"""Bytes → the draft of whichever format they are in."""

from kapstone.document import check_document, parse
from kapstone.errors import InvalidInput
from kapstone.instruments.document import Node
from kapstone.wording.draft import LARGEST_BYTES, Draft
from kapstone.wording.fhir_form import read_fhir
from kapstone.wording.lhc_form import read_lhc
from kapstone.wording.redcap import is_dictionary, read_redcap


def read(data: bytes, form: str = "") -> Draft:
    """What a file asks.

    `form`: which form of a REDCap dictionary that holds several. Raises InvalidInput, with the
    place, for a file that is too large, is broken or is none of the three formats.
    """
    if len(data) > LARGEST_BYTES:
        raise InvalidInput("$", f"is larger than {LARGEST_BYTES // 1_000_000} MB.")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _of_json(data)
    text = _text(data)
    if not is_dictionary(text):
        raise InvalidInput(
            "$",
            "is neither a FHIR Questionnaire, nor LHC-Forms, nor a REDCap data dictionary.",
            "Export it again in one of the three.",
        )
    return read_redcap(text, form)


def _of_json(data: bytes) -> Draft:
    document = parse(data)
    check_document(document)
    root = Node(document, "$")
    kind = root.get("resourceType")
    if kind is not None:
        if kind.value != "Questionnaire":
            raise kind.refuse(f"{kind.value} is not Questionnaire.")
        return read_fhir(root)
    return read_lhc(root)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("$", f"byte {error.start} is not UTF-8.", "Save it as UTF-8.") from error
    if "\x00" in text:
        raise InvalidInput("$", "holds a NUL character: it is no text.", "Save it as UTF-8.")
    return text
