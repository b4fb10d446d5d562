"""Reports and tables in the shapes other tools take: plain JSON values now, frames and spaCy Docs later."""

from gknlp.interop.plain import finding_as_dict, label_as_dict, report_as_dict, source_as_dict

__all__ = ["finding_as_dict", "label_as_dict", "report_as_dict", "source_as_dict"]
