"""Reading a questionnaire from the bytes of a file, whatever its format."""

from surveys.formats.reading import read_file
from surveys.formats.report import Imported, NotReadable
from surveys.refusals import SurveyRefused


def read_questionnaire(content: bytes, file_name: str = "") -> Imported:
    """The definition in a file, and what became of each of its questions.

    The format is found by the content. A document without a key of ours is named after the file. Raises SurveyRefused
    with the codes of ``formats.reading``.
    """
    try:
        return read_file(content, file_name)
    except NotReadable as fault:
        raise SurveyRefused(fault.code, **fault.facts) from fault
